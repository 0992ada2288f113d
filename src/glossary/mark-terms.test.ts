import { describe, expect, test } from 'vitest';
import { markTerms } from './mark-terms.ts';
import { TERMS } from './terms.ts';

interface Node {
  type: string;
  tagName?: string;
  name?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

const text = (value: string): Node => ({ type: 'text', value });
const element = (tagName: string, ...children: Node[]): Node => ({ type: 'element', tagName, children });
const component = (name: string, ...children: Node[]): Node => ({ type: 'mdxJsxFlowElement', name, children });

/** The text of the tree with what was marked in brackets. */
function shown(node: Node): string {
  const inside = node.value ?? (node.children ?? []).map(shown).join('');
  return node.properties?.['data-term'] ? `[${inside}|${node.properties['data-term']}]` : inside;
}

function mark(...children: Node[]): string {
  const root: Node = { type: 'root', children };
  markTerms()(root);
  return shown(root);
}

const inText = (value: string): string => mark(element('p', text(value)));

describe('terms in a text', () => {
  test('the first time, in any form, and not again', () => {
    expect(inText('Workers wait. A worker accepts from the listen queue.')).toBe('[Workers|worker] wait. A worker accepts from the [listen queue|listen-queue].');
    expect(mark(element('p', text('a worker')), component('Step', element('p', text('the workers'))))).toBe('a [worker|worker]the workers');
  });

  test('words that only look alike are left alone', () => {
    expect(inText('It was there. WAS was there.')).toBe('It was there. [WAS|was] was there.');
    expect(inText('master-fifo, HTTP.sys2, /srv/worker, networker')).toBe('master-fifo, HTTP.sys2, /srv/worker, networker');
    expect(inText('uWSGI speaks WSGI.')).toBe('[uWSGI|uwsgi] speaks [WSGI|wsgi].');
    expect(inText('The 502 came.')).toBe('The [502|bad-gateway] came.');
  });

  test('not in headings, code, links, buttons and exercises', () => {
    for (const tag of ['h2', 'code', 'pre', 'a', 'button']) expect(mark(element('p', element(tag, text('worker'))))).toBe('worker');
    for (const name of ['Do', 'Sort', 'Pair']) expect(mark(component(name, element('p', text('worker'))))).toBe('worker');
    expect(mark(component('Aside', element('p', element('strong', text('worker')))))).toBe('[worker|worker]');
  });

  test('each lesson begins anew', () => {
    expect([inText('worker'), inText('worker')]).toEqual(['[worker|worker]', '[worker|worker]']);
  });
});

describe('the terms', () => {
  test('each has a place of its own, and no two claim the same word', () => {
    expect(new Set(TERMS.map(({ id }) => id)).size).toBe(TERMS.length);
    const forms = TERMS.flatMap(({ term, forms = [] }) => [term, ...forms]);
    expect(forms.filter((form, index) => forms.indexOf(form) !== index)).toEqual([]);
  });

  test.each(TERMS.map((term) => [term.id, term] as const))('%s: at most two sentences, and a source', (id, { says, iis = '', source }) => {
    expect(id).toMatch(/^[a-z0-9-]+$/);
    for (const sentences of [says, iis]) expect(sentences.match(/[.!?](?=\s|$)/g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(says).toMatch(/^[^<>]{30,220}$/);
    expect(source).toMatch(/^https:\/\//);
  });
});
