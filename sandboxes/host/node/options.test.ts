import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.ts';

describe('command line', () => {
  it('takes its own options before the program, and leaves the rest to it', () => {
    const options = parseOptions([
      '--root',
      'dir',
      '--publish',
      '8080:80',
      '--publish=8443:443',
      'nginx',
      '-g',
      'daemon off;',
      '--root',
      'x',
    ]);
    expect(options).toEqual({
      root: 'dir',
      publish: [
        { machine: 8080, sandbox: 80 },
        { machine: 8443, sandbox: 443 },
      ],
      program: 'nginx',
      args: ['-g', 'daemon off;', '--root', 'x'],
    });
  });

  it('takes a program alone, and one behind --', () => {
    expect(parseOptions(['ls'])).toEqual({ root: null, publish: [], program: 'ls', args: [] });
    expect(parseOptions(['--', '-odd'])).toMatchObject({ program: '-odd' });
  });

  it.each([
    [[], /no program named/],
    [['--frob', 'ls'], /unknown option --frob/],
    [['--root'], /--root needs a value/],
    [['--publish='], /--publish needs a value/],
    [['--publish', '8080', 'ls'], /8080:80, not 8080$/],
    [['--publish', '0:80', 'ls'], /not 0:80$/],
    [['--publish', '80:99999', 'ls'], /not 80:99999$/],
    [['--publish', '1:2:3', 'ls'], /not 1:2:3$/],
  ])('says in one sentence what is wrong with %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(UsageError);
    expect(() => parseOptions(argv)).toThrow(message);
  });
});
