import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHARTS, measuredRows, PLACE_NAMES, SHORT_NAMES } from './charts.ts';
import { MEASURES, type Numbers, PLACES } from './measured.ts';
import { says } from './says.ts';
import { measuredFor } from './testing.ts';
import { percent, spread, times, unbroken, written } from './units.ts';

describe('what surprises', () => {
  const numbers = measuredFor();

  it('is said with the figures', () => {
    expect(says.workers(numbers)).toBe(
      'With 8 times the workers uWSGI answers 8 times as many requests per second of those that wait, but only 1.8 times as many of those that compute: waiting needs workers, computing needs cores, and this was measured on 2 cores. In the tab it is 8 times and 1.8 times.',
    );
    expect(says.lead(numbers)).toContain('takes 4 times as long in a tab as from the real servers, and yet both obey the same law');
    expect(says.hops(numbers)).toContain('0.11 ms later: 0.53 ms instead of 0.42 ms.');
    expect(says.handOver(numbers)).toBe(
      'Who waits for the answer cannot tell which it was: 0.53 ms by socket file, 0.55 ms by port, 0.56 ms by HTTP. For the processor HTTP is 1.8 times the work of the socket file.',
    );
    expect(says.tls(numbers)).toContain('What costs is the handshake, not the encryption');
    expect(says.memory(numbers)).toContain('reported with 24 MB, but one more takes only 4.7 MB');
    expect(says.absence(numbers)).toContain('A reload loses no request, and yet for 1.07 s nobody gets an answer');
    expect(says.absence(numbers)).toContain('back after 610 ms (549 to 732 ms)');
  });

  it.each<[keyof typeof says, Parameters<typeof measuredFor>[0], string]>([
    ['workers', { 'compute 8': 568 }, 'but only'],
    ['lead', { 'wait 8': 152, unix: 0.53 }, 'no longer'],
    ['hops', { unix: 0.4 }, 'ms later'],
    ['hops', { file: 0.5 }, 'no worker hears'],
    ['handOver', { http: 0.9 }, 'cannot tell'],
    ['handOver', { 'http work': 0.062 }, 'times the work'],
    ['tls', { 'sealed file': 0.33 }, 'What costs'],
    ['memory', { 'worker more': 25 }, 'only'],
    ['absence', { 'reload lost': 2 }, 'loses no'],
  ])('is not said of %s when the figures %o do not', (name, own, words) => {
    expect(says[name](measuredFor(own))).not.toContain(words);
    expect(says[name](measuredFor(own))).not.toBeNull();
  });

  it('is told of the sandbox where there are no real servers, and not at all without figures', () => {
    expect(says.hops(measuredFor({}, ['tab']))).toContain('0.44 ms later');
    expect(says.memory(measuredFor({}, ['tab']))).toBe('In the tab nothing can be shared: there one more takes 18.8 MB.');
    for (const say of Object.values(says)) expect(say(measuredFor({}, []))).toBeNull();
    expect(says.workers(measuredFor({ 'wait 1': 0 }))).toBeNull();
  });
});

describe('figures', () => {
  /** Every number that may stand on the page, as it is written there. */
  const known = (numbers: Numbers): string[] => [
    ...CHARTS.flatMap(({ panels }) => panels.flatMap((panel) => measuredRows(numbers, panel))).flatMap(({ readings, unit }) =>
      Object.values(readings).flatMap((one) => [written(one.middle, unit), written(one.least, unit), written(one.most, unit)]),
    ),
    `${numbers.machine.cores} cores`,
  ];

  it('are in each sentence only when they were measured or follow from it', () => {
    const numbers = measuredFor();
    // what follows from the figures of testing.ts: the workers, what waits, what computes, the tab beside the real ones, HTTP beside the socket
    const factors = [8 / 1, 152 / 19, 129 / 71, 4, 0.11 / 0.061].map(times);
    const good = [...known(numbers), written(0.53 - 0.42, 'ms'), spread({ middle: 0, least: 549, most: 732 }, 'ms') ?? '', ...factors];
    const unexplained = (text: string): string =>
      good.sort((a, b) => b.length - a.length).reduce((left, one) => left.replaceAll(new RegExp(`(?<![\\d.])${one}`, 'g'), ''), text);
    for (const [name, say] of Object.entries(says)) expect(unexplained(say(numbers) ?? ''), name).not.toMatch(/\d/);
    expect(unexplained('it is 9 times as fast')).toMatch(/9/);
    expect(unexplained('it is 11.8 times as fast')).toMatch(/11/);
  });

  const WORDS = /\d|\b(two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|half|twice|double|third|quarter)\b/i;

  it('are not typed into charts, captions and caveats', () => {
    const texts = CHARTS.flatMap(({ title, caveat, panels }) => [title, caveat, ...panels.map((panel) => panel.title)]);
    for (const text of [...texts, ...Object.values(PLACE_NAMES), ...Object.values(SHORT_NAMES)]) expect(text).not.toMatch(WORDS);
    const labels = CHARTS.flatMap(({ panels }) => panels.flatMap(({ rows }) => rows)).filter(
      ({ measure }) => !/^(wait|compute) /.test(measure),
    );
    for (const { label } of labels) expect(label).not.toMatch(WORDS);
  });

  it.each(['src/pages/numbers/index.astro', 'src/components/NumbersChart.astro'])('are not typed into %s', (file) => {
    const [, , template = ''] = readFileSync(file, 'utf8').split(/^---$/m);
    const words = template
      .replaceAll(/<style[\s\S]*?<\/style>/g, '')
      .replaceAll(/<\/?h\d/g, '<h')
      .replaceAll(/=> [^<]*</g, '=> <')
      .replaceAll(/(===|>) \d/g, '')
      .replaceAll(/\{[^{}<]*\}/g, '')
      .replaceAll(/<[^>]*>/g, '');
    expect(words.length).toBeGreaterThan(20);
    expect(words).not.toMatch(WORDS);
  });

  it('are found when they are typed in', () => {
    expect('takes 12 ms').toMatch(WORDS);
    expect('is twice as fast').toMatch(WORDS);
  });

  it('are each shown in a chart, but for what is lost', () => {
    const shown = CHARTS.flatMap(({ panels }) => panels.flatMap(({ rows }) => rows.map(({ measure }) => measure)));
    expect(MEASURES.filter((measure) => !shown.includes(measure))).toEqual(['reload lost', 'respawn lost']);
    expect(CHARTS.flatMap(({ panels }) => panels.flatMap((panel) => measuredRows(measuredFor(), panel))).length).toBe(shown.length);
    expect(measuredRows(measuredFor({}, []), CHARTS[0]?.panels[0] ?? { title: '', scale: 'log', rows: [] })).toEqual([]);
  });

  it('are written as far as they are good', () => {
    expect([0.1264, 9.96, 229.4, 999.6, 1070].map((value) => written(value, 'ms'))).toEqual([
      '0.126 ms',
      '9.96 ms',
      '229 ms',
      '1,000 ms',
      '1.07 s',
    ]);
    expect([written(3251.7, 'req/s'), written(24.3, 'MB'), written(0, 'requests')]).toEqual(['3,250 / s', '24.3 MB', '0']);
    expect([percent(0.034), percent(1)]).toEqual(['3\u00a0%', '100\u00a0%']);
    expect(times(7.96)).toBe('8 times');
    expect(unbroken('after 8 ms instead of 1.1 s, 8 times')).toBe('after 8\u00a0ms instead of 1.1\u00a0s, 8\u00a0times');
    expect(spread({ middle: 5, least: 5.001, most: 5.002 }, 'ms')).toBeNull();
    expect(spread({ middle: 5, least: 4, most: 6 }, 'ms')).toBe('4 to 6 ms');
    expect(spread({ middle: 5, least: 4, most: 6 }, 'ms', true)).toBe('4 to 6');
    expect(spread({ middle: 5, least: 400, most: 1600 }, 'ms', true)).toBe('400 ms to 1.6 s');
  });
});

it('knows every place by a name', () => {
  expect(new Set(Object.values(PLACE_NAMES)).size).toBe(PLACES.length);
});
