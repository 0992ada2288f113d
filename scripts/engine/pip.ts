/** The machine's own pip, where it has one: fetches wheels from Python's index, and refuses what has not the hash that is written down. */
import { spawn } from 'node:child_process';

/** How pip is called on the systems there are; the first that answers is taken. */
const PIPS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];
/** A question to pip takes no longer, and neither do all downloads together, in milliseconds. */
const ANSWER_MS = 20_000;
const DOWNLOAD_MS = 300_000;

/** Of what has a compiled part there is a file for every platform. This one is taken everywhere: its hash is written down, the part is dropped. */
const PLATFORM = ['--implementation', 'cp', '--python-version', '3.14', '--abi', 'cp314'];
const GLIBCS = ['manylinux2014_x86_64', 'manylinux_2_28_x86_64'].flatMap((name) => ['--platform', name]);

interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

function run([program = '', ...args]: readonly string[], ms: number): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: ms, windowsHide: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  child.on('error', ({ message }) => resolve({ ok: false, output: message }));
  child.on('close', (code) => resolve({ ok: code === 0, output }));
  return promise;
}

/** Downloads what the requirement files name into `folder`. Gives null when all is there, or one sentence that says why not. */
export async function download(requirements: readonly string[], folder: string): Promise<string | null> {
  for (const pip of PIPS) {
    if (!(await run([...pip, '--version'], ANSWER_MS)).ok) continue;
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--retries', '1', '--timeout', '15'];
    const what = ['--require-hashes', '--no-deps', '--only-binary', ':all:', ...PLATFORM, ...GLIBCS];
    const files = requirements.flatMap((file) => ['-r', file]);
    const { ok, output } = await run([...pip, 'download', ...quiet, ...what, '--dest', folder, ...files], DOWNLOAD_MS);
    return ok ? null : whyNot(output);
  }
  return 'this machine has no pip';
}

/** What of pip's many words is the reason. */
export function whyNot(output: string): string {
  if (/HASHES? .*(DO NOT MATCH|MISMATCH)|hashes are required|THESE PACKAGES DO NOT MATCH THE HASHES/i.test(output))
    return 'a file from Python’s index has not the hash that is written down';
  if (/connection|resolve|timed? ?out|unreachable|proxy|retry|no versions|\(from versions: none\)/i.test(output))
    return 'Python’s index could not be reached';
  const line = output.split('\n').find((one) => one.startsWith('ERROR:'));
  return `pip could not fetch them: ${line?.slice('ERROR:'.length).trim() || 'it did not say why'}`;
}
