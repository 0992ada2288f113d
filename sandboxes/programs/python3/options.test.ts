import { describe, expect, test } from 'vitest';
import { readOptions } from './options.ts';

const read = (...args: string[]) => readOptions('python3', args);

describe('the command line of python3', () => {
  test('what is to run, and what is left for it', () => {
    expect(read('-c', 'print(1)', '-V', 'x')).toMatchObject({ work: { kind: 'command', code: 'print(1)\n' }, args: ['-V', 'x'] });
    expect(read('-uBcprint(1)')).toMatchObject({ work: { kind: 'command', code: 'print(1)\n' }, args: [] });
    expect(read('-m', 'json.tool', '--help')).toMatchObject({ work: { kind: 'module', name: 'json.tool' }, args: ['--help'] });
    expect(read('app.py', '-c', 'x')).toMatchObject({ work: { kind: 'file', path: 'app.py' }, args: ['-c', 'x'] });
    expect(read('-q')).toMatchObject({ work: { kind: 'interactive' }, quiet: true });
    expect(read('-', 'a')).toMatchObject({ work: { kind: 'interactive' }, args: ['a'] });
    for (const option of ['-V', '--version']) expect(read(option)).toMatchObject({ work: { kind: 'version' } });
    for (const option of ['-h', '-?', '--help']) expect(read(option)).toMatchObject({ work: { kind: 'help' } });
  });

  test('the file that stands for the interpreter comes first', () => {
    expect(read('--executable', '/v/bin/python', '-c', '1')).toMatchObject({ executable: '/v/bin/python', work: { code: '1\n' } });
    expect(read('-c', '1', '--executable', 'x')).toMatchObject({ executable: null, args: ['--executable', 'x'] });
  });

  test('what is wrong is said as CPython says it', () => {
    const usage = "usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n";
    expect(read('-Z')).toEqual({ problem: `Unknown option: -Z\n${usage}` });
    expect(read('--foo')).toEqual({ problem: `unknown option --foo\n${usage}` });
    expect(read('-c')).toEqual({ problem: `Argument expected for the -c option\n${usage}` });
    expect(read('-O', 'x.py')).toEqual({ problem: "python3: this sandbox's Python does not have the option -O\n" });
  });
});
