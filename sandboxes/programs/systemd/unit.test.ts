import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHOP_SERVICE } from './testing.ts';
import { readUnit } from './unit.ts';
import { readUnitText } from './unit-text.ts';
import { expandWords, readEnvironmentFile, readTime, spanText, splitWords } from './words.ts';

const service = (...lines: readonly string[]): string => ['[Service]', 'ExecStart=/bin/true', ...lines, ''].join('\n');

describe('the text of a unit file', () => {
  const key = fc.stringMatching(/^[A-Z][A-Za-z]{0,12}$/);
  const value = fc.stringMatching(/^[a-z0-9/]([a-z0-9 /:-]{0,20}[a-z0-9/])?$/);
  const noise = fc.constantFrom('', '   ', '# a comment', '; another', '\t');

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readUnit(text)));
    const token = fc.constantFrom(
      '[Service]',
      '[Unit]',
      '[',
      ']',
      '=',
      'ExecStart=',
      'Environment=',
      'Restart=',
      '\n',
      '\\',
      '"',
      "'",
      '%',
      '$',
      '${',
      ' ',
      '/bin/x',
      'User=',
      'TimeoutStartSec=',
      '1'.repeat(60),
      '-',
      ';',
    );
    fc.assert(fc.property(fc.array(token, { maxLength: 40 }), (tokens) => void readUnit(tokens.join(''))));
  });

  it('knows the line of every assignment, whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(noise, { maxLength: 3 }), key, value), { maxLength: 20 }), (entries) => {
        const lines = ['[Service]'];
        const expected = entries.map(([between, name, text]) => {
          lines.push(...between, `${name} = ${text}`);
          return { section: 'Service', key: name, value: text, line: lines.length };
        });
        expect(readUnitText(lines.join('\n')).assignments).toEqual(expected);
      }),
    );
  });

  it('joins lines that end in a backslash, and passes over comments between them', () => {
    const { assignments } = readUnitText('[Service]\nExecStart=/bin/a \\\n# not this\n  --b \\\n  --c\nUser=x\n');
    expect(assignments).toEqual([
      { section: 'Service', key: 'ExecStart', value: '/bin/a  --b  --c', line: 2 },
      { section: 'Service', key: 'User', value: 'x', line: 6 },
    ]);
  });

  it('says what counts for nothing, with its line', () => {
    const text = 'A=1\n[Service]\nExecStart=/bin/true\nnonsense\nColour=red\nRestart=sometimes\n[Shop]\nx=y\n[X-Own]\nz=1\n';
    expect(readUnit(text).remarks).toEqual([
      { line: 1, text: 'Assignment outside of section. Ignoring.' },
      { line: 4, text: "Missing '=', ignoring line." },
      { line: 5, text: "Unknown key name 'Colour' in section 'Service', ignoring." },
      { line: 6, text: 'Failed to parse Restart= value, ignoring: sometimes' },
      { line: 7, text: "Unknown section 'Shop'. Ignoring." },
    ]);
  });
});

describe('a unit', () => {
  it('is what the course writes for the shop', () => {
    const { unit, remarks, problem } = readUnit(SHOP_SERVICE);
    expect([remarks, problem]).toEqual([[], null]);
    expect(unit).toMatchObject({
      type: 'notify',
      user: 'www-data',
      runtimeDirectories: ['shop'],
      environmentFiles: [{ path: '/etc/shop.env', optional: false }],
      restart: 'on-failure',
      restartMs: 2000,
      startLimitInterval: 300_000,
      startLimitBurst: 5,
      stopTimeout: 90_000,
      wantedBy: ['multi-user.target'],
    });
    expect(unit.reload[0]?.words).toEqual(['/bin/kill', '-HUP', '$MAINPID']);
  });

  it("takes Debian's unit for nginx whole", () => {
    const text = readFileSync(new URL('../../server/lib/systemd/system/nginx.service', import.meta.url), 'utf8');
    const { unit, remarks, problem } = readUnit(text);
    expect([remarks, problem]).toEqual([[], null]);
    expect(unit.start[0]?.words).toEqual(['/usr/sbin/nginx', '-g', 'daemon on; master_process on;']);
    expect(unit.stop[0]?.lenient).toBe(true);
  });

  it('refuses in one sentence what the sandbox does not have', () => {
    expect(readUnit(service('ExecStartPost=/bin/x')).problem).toEqual({
      line: 3,
      text: "[sandbox] this sandbox's systemd does not have ExecStartPost=",
    });
    expect(readUnit(service('WorkingDirectory=/srv/%i')).problem?.text).toBe(
      "[sandbox] this sandbox's systemd does not have specifiers such as %i",
    );
    expect(readUnit(service('Type=dbus')).problem?.text).toBe("[sandbox] this sandbox's systemd does not have Type=dbus");
    expect(readUnit(service('Environment=A=50%%')).unit.environment).toEqual([['A', '50%']]);
  });

  it('is refused without a command', () => {
    expect(readUnit('[Service]\nUser=x\n').problem?.text).toBe('Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.');
    expect(readUnit('[Service\nExecStart=/bin/true').problem).toEqual({ line: 1, text: "Invalid section header '[Service'" });
  });
});

describe('words and times', () => {
  it('splits as a shell would for plain words and quotes', () => {
    expect(splitWords(`a  'b c' "d e"f g\\ h`)).toEqual(['a', 'b c', 'd ef', 'g h']);
    const word = fc.stringMatching(/^[a-z ]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 6 }),
        (words) => void expect(splitWords(words.map((one) => `"${one}"`).join(' '))).toEqual(words),
      ),
    );
  });

  it('puts variables in', () => {
    expect(expandWords(['-HUP', '$MAINPID', '${A}/x', '$B', '$$'], { MAINPID: '12', A: 'a b', B: 'c d' })).toEqual([
      '-HUP',
      '12',
      'a b/x',
      'c',
      'd',
      '$',
    ]);
  });

  it('reads environment files', () => {
    expect(readEnvironmentFile(`# c\nA=1\n B = two words \nC="x \\" y"\nD='$z'\nbad line\n9=x\n`)).toEqual([
      ['A', '1'],
      ['B', 'two words'],
      ['C', 'x " y'],
      ['D', '$z'],
    ]);
  });

  it('reads times, and prints them', () => {
    expect(['2', '2s', '500ms', '1min 30s', '1h', 'infinity', 'soon', ''].map(readTime)).toEqual([
      2000,
      2000,
      500,
      90_000,
      3_600_000,
      Number.POSITIVE_INFINITY,
      null,
      null,
    ]);
    expect([0, 400, 5_000, 123_000, 3_900_000, 90_000_000].map(spanText)).toEqual(['0ms', '400ms', '5s', '2min 3s', '1h 5min', '1d 1h']);
  });
});
