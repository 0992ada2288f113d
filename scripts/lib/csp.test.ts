import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { WEBCONTAINER_FRAMES, withPolicy } from './csp.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const page = (scripts: string) => `<!doctype html><html><head><meta charset="utf-8"><title>t</title>${scripts}</head></html>`;
const scriptSources = (html: string) => /script-src ([^;]*)/.exec(html)?.[1]?.split(' ') ?? [];

test('inline scripts are allowed by hash, those of files and data blocks are not listed', () => {
  const html = withPolicy(
    page(
      '<script>one()</script><script type="module">two()</script><script src="/x.js"></script><script type="application/ld+json">{}</script>',
    ),
    ['frame()'],
  );
  const expected = ["'self'", 'blob:', "'wasm-unsafe-eval'", ...[hash('one()'), hash('two()'), hash('frame()')].sort()];
  expect(scriptSources(html)).toEqual(expected);
});

test('there is no way to run a script that was not in the page when it was built', () => {
  const html = withPolicy(page('<script>one()</script>'));
  expect(scriptSources(html)).not.toContain("'unsafe-inline'");
  expect(scriptSources(html)).not.toContain("'unsafe-eval'");
});

test('the policy stands before the first script', () => {
  const html = withPolicy(page('<script>one()</script>'));
  expect(html.indexOf('content-security-policy')).toBeLessThan(html.indexOf('<script'));
  expect(html.indexOf('content-security-policy')).toBeGreaterThan(html.indexOf('charset'));
});

test('a page without a place for its policy is an error, not a page without one', () => {
  expect(() => withPolicy('<p>text</p>')).toThrow('no place');
});

test('only a page that is told to may hold frames of another site', () => {
  const frames = (html: string) => /frame-src ([^;"]*)/.exec(html)?.[1];
  expect(frames(withPolicy(page('')))).toBe("'self'");
  expect(frames(withPolicy(page(''), [], WEBCONTAINER_FRAMES))).toBe(
    "'self' https://stackblitz.com https://*.local-corp.webcontainer-api.io https://*.local-credentialless.webcontainer-api.io",
  );
});
