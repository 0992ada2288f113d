import { markdownToHtml, mdxToJs } from 'satteri';
import { describe, expect, test } from 'vitest';
import { markTerms } from './mark-terms.ts';
import { counterpart, TERMS } from './terms.ts';

/** The text of the lesson as it is shown, with what was marked in brackets. */
async function shown(markdown: string): Promise<string> {
  const { html } = await markdownToHtml(markdown, { hastPlugins: [markTerms] });
  return html
    .replace(/<a class="term" href="[^"]*#([^"]*)" data-term="[^"]*">([^<]*)<\/a>/g, '[$2|$1]')
    .replace(/<[^>]*>/g, '')
    .trim();
}

/** The terms marked in a text with components. */
async function markedIn(mdx: string): Promise<string[]> {
  const { code } = await mdxToJs(mdx, { hastPlugins: [markTerms] });
  return [...code.matchAll(/"data-term": "([^"]*)"/g)].map(([, term = '']) => term);
}

describe('terms in a text', () => {
  test('the first time, in any form, and not again', async () => {
    expect(await shown('Workers wait. A worker accepts from the listen queue.')).toBe(
      '[Workers|worker] wait. A worker accepts from the [listen queue|listen-queue].',
    );
    expect(await shown('worker\n\nThe workers.')).toBe('[worker|worker]\nThe workers.');
  });

  test('words that only look alike are left alone', async () => {
    expect(await shown('It was there. WAS was there.')).toBe('It was there. [WAS|was] was there.');
    expect(await shown('master-fifo, HTTP.sys2, /srv/worker, networker')).toBe('master-fifo, HTTP.sys2, /srv/worker, networker');
    expect(await shown('uWSGI speaks WSGI.')).toBe('[uWSGI|uwsgi] speaks [WSGI|wsgi].');
    expect(await shown('The 502 came.')).toBe('The [502|bad-gateway] came.');
  });

  test.each(['## worker', '`worker`', '```\nworker\n```', '[worker](/x)', '**[a worker](/x)**'])('not in %s', async (markdown) => {
    expect(await shown(markdown)).not.toContain('|');
  });

  test('not in buttons and exercises; in asides and steps they are', async () => {
    for (const name of ['Do', 'Sort', 'Pair']) expect(await markedIn(`<${name}>\n\nworker\n\n</${name}>`)).toEqual([]);
    expect(await markedIn('<Do run="x">worker</Do>')).toEqual([]);
    expect(await markedIn('<Step n={1}>\n\n<Aside kind="really">\n\n**worker** and socket\n\n</Aside>\n\n</Step>')).toEqual(['worker']);
  });

  test('each lesson begins anew', async () => {
    expect([await shown('worker'), await shown('worker')]).toEqual(['[worker|worker]', '[worker|worker]']);
  });
});

describe('the terms', () => {
  test('each has a place of its own, and no two claim the same word', () => {
    expect(new Set(TERMS.map(({ id }) => id)).size).toBe(TERMS.length);
    const forms = TERMS.flatMap(({ term, forms = [] }) => [term, ...forms]);
    expect(forms.filter((form, index) => forms.indexOf(form) !== index)).toEqual([]);
  });

  test.each(TERMS.map((term) => [term.id, term] as const))('%s: at most two sentences, and a source', (id, one) => {
    const { says, source } = one;
    expect(id).toMatch(/^[a-z0-9-]+$/);
    for (const sentences of [says, counterpart(one)?.says ?? ''])
      expect(sentences.match(/[.!?](?=\s|$)/g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(says).toMatch(/^[^<>]{30,220}$/);
    expect(source).toMatch(/^https:\/\//);
  });
});
