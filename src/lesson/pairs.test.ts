import { describe, expect, test } from 'vitest';
import type { Pair } from './format.ts';
import { placeOf, showPair as show } from './pairs.ts';

const FOLDER = 'lessons/en/11-which-worker';
type Sources = Readonly<Record<string, string>>;
const sources: Sources = {
  'sandboxes/server/srv/shop/uwsgi.ini': '[uwsgi]\nprocesses = 4\nlisten = 100\n',
  'sandboxes/server/etc/only': 'here\n',
  [`${FOLDER}/files/srv/shop/uwsgi.ini`]: '[uwsgi]\nprocesses = 2\nlisten = 100\n',
  [`${FOLDER}/solution/srv/shop/uwsgi.ini`]: '[uwsgi]\nprocesses = 8\nlisten = 100\n',
  [`${FOLDER}/iis/pool.config`]: '<pools>\r\n  <add name="Shop"\r\n    maxProcesses="4" />\r\n\r\n  <add name="Other" />\r\n</pools>\r\n',
};

const showPair = (one: Pair, folder: string, files: Sources) => show(one, folder, (path) => files[path]);

type Change = Partial<Omit<Pair, 'python' | 'iis'>> & { python?: Partial<Pair['python']>; iis?: Partial<Pair['iis']> };

function pair({ python, iis, ...rest }: Change = {}): Pair {
  return {
    id: 'pool',
    python: { title: 'uwsgi.ini', sandbox: '/srv/shop/uwsgi.ini', start: false, lang: 'ini', ...python },
    iis: { title: 'applicationHost.config', file: 'pool.config', start: false, lang: 'xml', ...iis },
    links: [{ python: 'processes', iis: 'maxProcesses', same: 'close', note: 'Up to four there.' }],
    ...rest,
  };
}

describe('which file', () => {
  const secondLine = (change: Change, files: Sources = sources) => showPair(pair(change), FOLDER, files).python.lines[1];
  const without = (part: string): Sources => Object.fromEntries(Object.entries(sources).filter(([path]) => !path.includes(part)));

  test('the one of solution/, else of files/, else of the server', () => {
    expect(secondLine({})).toBe('processes = 8');
    expect(secondLine({}, without('/solution/'))).toBe('processes = 2');
    const server = Object.fromEntries(Object.entries(without('/solution/')).filter(([path]) => !path.includes('/files/')));
    expect(secondLine({}, server)).toBe('processes = 4');
  });

  test('with start, the solution is passed over', () => {
    expect(secondLine({ python: { start: true } })).toBe('processes = 2');
  });

  test('none, both or a missing one is an error', () => {
    expect(() => showPair(pair({ iis: { file: 'nowhere.config' } }), FOLDER, sources)).toThrow(
      /11-which-worker, pair pool, iis: there is none of .*iis\/nowhere\.config/,
    );
    expect(() => showPair(pair({ iis: { sandbox: '/etc/only' } }), FOLDER, sources)).toThrow(/either sandbox or file/);
    expect(() => showPair(pair({ iis: { file: undefined } }), FOLDER, sources)).toThrow(/either sandbox or file/);
  });
});

describe('which lines', () => {
  test('all of them, without the end of the file', () => {
    const shown = showPair(pair(), FOLDER, sources);
    expect(shown.python.lines).toEqual(['[uwsgi]', 'processes = 8', 'listen = 100']);
    expect(shown.iis.lines).toHaveLength(6);
    expect(shown.iis.lines[2]).toBe('    maxProcesses="4" />');
  });

  test('from and to cut, and what is cut loses its margin', () => {
    const shown = showPair(pair({ iis: { from: '"Shop"', to: 'maxProcesses' } }), FOLDER, sources);
    expect(shown.iis.lines).toEqual(['<add name="Shop"', '  maxProcesses="4" />']);
    expect(shown.links[0]).toMatchObject({ n: 1, python: 2, iis: 2, same: 'close', note: 'Up to four there.' });
  });

  test('an empty line does not count for the margin', () => {
    expect(showPair(pair({ iis: { from: '"Shop"', to: '"Other"' } }), FOLDER, sources).iis.lines[2]).toBe('');
  });

  test('a cut at a text that is not there is an error', () => {
    expect(() => showPair(pair({ iis: { from: 'nothing' } }), FOLDER, sources)).toThrow(/pair pool, iis: .*pool\.config: .*from: nothing/);
    // it is there, but before the first line
    expect(() => showPair(pair({ iis: { from: '"Other"', to: '"Shop"' } }), FOLDER, sources)).toThrow(/to: "Shop"/);
  });
});

test('a file lies where it is last laid, and nowhere when the lesson has taken it or its folder away', () => {
  const there = (...paths: string[]) => placeOf('/srv/shop/uwsgi.ini', 'L', false, (path) => (paths.includes(path) ? '' : undefined));
  const server = 'sandboxes/server/srv/shop/uwsgi.ini';
  expect(there(server)).toBe(server);
  expect(there(server, 'L/files/srv/shop/.wh.uwsgi.ini')).toBeUndefined();
  expect(there(server, 'L/files/srv/.wh.shop')).toBeUndefined();
  expect(there(server, 'L/files/srv/.wh.shopping')).toBe(server);
  expect(there(server, 'L/files/srv/.wh.shop', 'L/files/srv/shop/uwsgi.ini')).toBe('L/files/srv/shop/uwsgi.ini');
});

describe('links', () => {
  const link = (python: string, iis: string) => [{ python, iis, same: 'same' as const, note: 'They are the same.' }];

  test('a text in no line is an error that names lesson, pair and link', () => {
    expect(() => showPair(pair({ links: [...pair().links, ...link('threads', 'Shop')] }), FOLDER, sources)).toThrow(
      'lessons/en/11-which-worker, pair pool, links 2 python: no line that is shown has the text: threads',
    );
  });

  test('so is one in two lines', () => {
    expect(() => showPair(pair({ links: link('listen', '<add') }), FOLDER, sources)).toThrow(
      'pair pool, links 1 iis: lines 2 and 5 of what is shown have the text: <add',
    );
  });

  test('only the lines that are shown count', () => {
    expect(showPair(pair({ iis: { from: '"Other"' }, links: link('listen', '<add') }), FOLDER, sources).links[0]?.iis).toBe(1);
    expect(() => showPair(pair({ python: { to: 'processes' }, links: link('listen', '"Shop"') }), FOLDER, sources)).toThrow(
      /no line that is shown has the text: listen/,
    );
  });
});
