import { describe, expect, it, vi } from 'vitest';
import type { CertificateFacts, HttpResponse } from '../../runtime/runtime.ts';
import type { Sending } from '../visitor.ts';
import { BRIDGE, isFromPage } from './bridge.ts';
import { textOf } from './content.ts';
import { inTurns } from './in-turns.ts';
import type { Rewritten } from './rewrite.ts';
import { Tab } from './tab.ts';

type Site = Readonly<
  Record<string, Partial<Omit<HttpResponse, 'body'>> & { readonly text?: string; readonly to?: string; readonly hangs?: boolean }>
>;

const PLAIN = 'text/plain';
const certificate = { trouble: 'authority', fingerprint: 'abc' } as CertificateFacts;

/** A tab at a server that has these answers. Its pages are lists of addresses: links, and images after `!`. */
function open(site: Site) {
  const asked: (Sending & { readonly url: string })[] = [];
  const send = async (url: string, how: Sending): Promise<HttpResponse> => {
    asked.push({ url, ...how });
    const { text = '', to, hangs, ...over } = site[url.replace('http://localhost', '')] ?? { status: 404 };
    if (hangs) await new Promise((resolve) => how.signal?.addEventListener('abort', resolve));
    const failed = hangs ? 'cancelled' : null;
    const headers = [...(to === undefined ? [] : [['location', to] as const]), ['content-type', PLAIN] as const];
    const response = { status: to === undefined ? 200 : 302, statusText: '', headers, conn: 'c', n: 1, ms: 1, failed, ...over };
    if (over.certificate && how.accept !== over.certificate.fingerprint)
      return { ...response, status: 0, failed: 'not private', body: new Uint8Array() };
    return { ...response, body: new TextEncoder().encode(text) };
  };
  const parse = (response: HttpResponse, url: string): Rewritten => {
    const words = textOf(response).split(' ');
    return {
      title: '',
      base: url,
      htmlAttributes: [],
      bodyAttributes: [],
      head: [],
      body: words
        .filter((word) => word.startsWith('!'))
        .map((word) => ({ kind: 'image', attribute: 'src', url: new URL(word.slice(1), url).href })),
      links: words.filter((word) => !word.startsWith('!')).map((word) => new URL(word, url).href),
      forms: [{ url: new URL('/form', url).href, method: 'POST', multipart: false }],
      left: {},
    };
  };
  const tab = new Tab(send, parse);
  const settled = () => vi.waitFor(() => expect(tab.isLoading).toBe(false), { interval: 1 });
  return { tab, asked, settled, paths: () => asked.map(({ url }) => url.replace('http://localhost', '')) };
}
const html = (text: string) => ({ text, headers: [['content-type', 'text/html'] as const] });

describe('a tab', () => {
  it('goes to an address, follows redirects, and says where it is in the end', async () => {
    const { tab, settled, paths } = open({ '/a': { to: '/b' }, '/b': { to: 'c' }, '/c': { text: 'here' } });
    expect(tab.go('/a')).toBe(true);
    await settled();
    expect(tab.shown).toMatchObject({ kind: 'plain', url: 'http://localhost/c' });
    expect([tab.url, paths()]).toEqual(['http://localhost/c', ['/a', '/b', '/c']]);
    expect(tab.go('ftp://x')).toBe(false);
  });

  it('gives up on redirects without end', async () => {
    const { tab, settled, paths } = open({ '/a': { to: '/a' } });
    tab.go('/a');
    await settled();
    expect(tab.shown).toMatchObject({ kind: 'trouble', failed: expect.stringMatching(/redirects too often/) });
    expect(paths()).toHaveLength(21);
  });

  it('goes back and forward, and forgets what lay ahead', async () => {
    const { tab, settled } = open({ '/a': {}, '/b': {}, '/c': {} });
    for (const path of ['/a', '/b']) {
      tab.go(path);
      await settled();
    }
    expect([tab.canGoBack, tab.canGoForward]).toEqual([true, false]);
    tab.back();
    await settled();
    expect([tab.url, tab.canGoBack, tab.canGoForward]).toEqual(['http://localhost/a', false, true]);
    tab.forward();
    await settled();
    expect(tab.url).toBe('http://localhost/b');
    tab.back();
    await settled();
    tab.go('/c');
    await settled();
    expect([tab.url, tab.canGoForward]).toEqual(['http://localhost/c', false]);
    tab.back();
    await settled();
    expect(tab.url).toBe('http://localhost/a');
    // nothing there
    tab.back();
    expect(tab.isLoading).toBe(false);
  });

  it('moves within a page without asking again', async () => {
    const { tab, settled, paths } = open({ '/a': html('#part /b') });
    tab.go('/a');
    await settled();
    tab.hear({ ftr: 'link', n: 0 });
    expect([tab.url, paths()]).toEqual(['http://localhost/a#part', ['/a']]);
    tab.back();
    expect([tab.url, paths()]).toEqual(['http://localhost/a', ['/a']]);
    // a link that the page does not have
    tab.hear({ ftr: 'link', n: 7 });
    tab.hear({ ftr: 'form', n: 7, by: null, fields: [] });
    expect(tab.isLoading).toBe(false);
  });

  it('does not send a form twice without asking', async () => {
    const { tab, settled, asked } = open({ '/a': html(''), '/form': { text: 'thanks' } });
    tab.go('/a');
    await settled();
    tab.hear({ ftr: 'form', n: 0, by: null, fields: [['x', '1']] });
    await settled();
    expect(asked.at(-1)).toMatchObject({ url: 'http://localhost/form', method: 'POST', body: 'x=1' });
    tab.reload();
    expect([tab.shown?.kind, asked.length]).toEqual(['resend', 2]);
    tab.resend();
    await settled();
    expect(asked.at(-1)).toMatchObject({ method: 'POST', body: 'x=1' });
    expect(tab.shown).toMatchObject({ kind: 'plain' });
  });

  it('takes a certificate only after the warning, and then for the parts of the page as well', async () => {
    const { tab, settled, asked } = open({
      'https://localhost/': { ...html('!/i.png'), certificate },
      'https://localhost/i.png': { certificate },
    });
    tab.go('https://localhost/');
    await settled();
    expect(tab.shown).toMatchObject({ kind: 'certificate', certificate });
    tab.proceed();
    await settled();
    expect(tab.shown?.kind).toBe('page');
    expect(asked.map(({ accept }) => accept)).toEqual([undefined, 'abc', 'abc']);
  });

  it('stops: what was there stays, and of a page that has come is shown what there is', async () => {
    const { tab, settled, asked } = open({ '/a': { text: 'a' }, '/slow': { hangs: true }, '/page': html('!/slow') });
    tab.go('/a');
    await settled();
    tab.go('/slow');
    expect([tab.isLoading, tab.url]).toEqual([true, 'http://localhost/slow']);
    tab.stop();
    await settled();
    expect([tab.url, tab.shown?.url]).toEqual(['http://localhost/a', 'http://localhost/a']);
    tab.go('/page');
    await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ url: 'http://localhost/slow', purpose: 'image' }), { interval: 1 });
    tab.stop();
    await settled();
    expect(tab.shown).toMatchObject({ kind: 'page', url: 'http://localhost/page' });
  });

  it('shows the last page that was asked for, whichever comes first', async () => {
    const { tab, settled } = open({ '/slow': { hangs: true }, '/b': { text: 'b' } });
    tab.go('/slow');
    tab.go('/b');
    await settled();
    expect(tab.url).toBe('http://localhost/b');
    expect(tab.canGoBack).toBe(false);
  });

  it('stays where it is when there is nothing new to show', async () => {
    const { tab, settled } = open({ '/a': {}, '/none': { status: 204 } });
    tab.go('/a');
    await settled();
    tab.go('/none');
    await settled();
    expect([tab.url, tab.canGoBack]).toEqual(['http://localhost/a', false]);
  });
});

it('has no more than so many requests under way to one server', async () => {
  const inLine = inTurns(2);
  let now = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  };
  await Promise.all([
    ...Array.from({ length: 9 }, () => inLine('a', work)),
    inLine('a', () => Promise.reject(new Error('x'))).catch(() => {}),
  ]);
  expect(most).toBe(2);
});

it('hears only what a page can say', () => {
  expect(
    [
      { ftr: 'link', n: 1 },
      { ftr: 'form', n: 0, by: null, fields: [['a', 'b']] },
      { ftr: 'key', key: 'ArrowLeft' },
    ].every(isFromPage),
  ).toBe(true);
  const wrong = [
    null,
    'x',
    {},
    { ftr: 'link' },
    { ftr: 'link', n: 1.5 },
    { ftr: 'key', key: 'Enter' },
    { ftr: 'form', n: 0, by: 0, fields: [['a']] },
    { ftr: 'form', n: 0, by: 'x', fields: [] },
    { ftr: 'go', n: 1 },
  ];
  expect(wrong.some(isFromPage)).toBe(false);
});

it('its script can stand in a page', () => {
  expect(BRIDGE).not.toMatch(/<\/?script|<!--/i);
  expect(() => new Function(BRIDGE)).not.toThrow();
});
