/** Where the shell's own words and those of what it starts go: `>`, `>>`, `2>`, `2>&1`, `<` and `<<`. */
import { type Child, type Host, isSystemError, type SpawnOptions } from '../../host/host.ts';
import { absolute } from '../coreutils.ts';
import { expandWhole, type Values } from './expand.ts';
import { Failure } from './failure.ts';
import { Lines } from './lines.ts';
import type { Redirect } from './tree.ts';

/** `out` and `err` are the shell's own streams, `pipe` what the next command reads. */
export type Sink = 'out' | 'err' | 'null' | 'pipe' | { readonly file: string } | Captured;

export interface Streams {
  readonly out: Sink;
  readonly err: Sink;
  /** What is read instead of the shell's own input. */
  readonly in: Lines | null;
}

/** More than so much in `$( )` is a mistake. Characters. */
const MOST_CAPTURED = 4_000_000;

/** What `$( )` is filled in with. */
export class Captured {
  #decoder = new TextDecoder();
  #text = '';
  /** Those whose output is still being read. */
  readonly reading: Promise<void>[] = [];

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > MOST_CAPTURED) throw new Failure('$( ): more than 4 million characters', true);
  }

  /** Reads a child's output to its end. */
  read(child: Child, host: Host): void {
    const reading = (async () => {
      for (let chunk = await child.stdout?.read(); chunk; chunk = await child.stdout?.read()) {
        if (this.#text.length > MOST_CAPTURED) await host.kill(child.pid, 'SIGTERM').catch(() => undefined);
        else this.#text += this.#decoder.decode(chunk, { stream: true });
      }
    })();
    this.reading.push(reading);
  }

  get text(): string {
    this.add('');
    return this.#text;
  }
}

/** Opens what the redirections name, in their order. Throws Failure in dash's words. */
export async function redirected(streams: Streams, redirects: readonly Redirect[], host: Host, values: Values): Promise<Streams> {
  const now = { ...streams };
  for (const redirect of redirects) {
    if (redirect.to === 'stream') {
      const target = redirect.stream === 1 ? now.out : now.err;
      if (redirect.from === 1) now.out = target;
      else now.err = target;
    } else if (redirect.to === 'text') now.in = Lines.of(await expandWhole(redirect.text, values));
    else {
      const file = await expandWhole(redirect.file, values);
      if (redirect.from === 0) now.in = Lines.of(await opened(file, host));
      else {
        const sink = await created(file, redirect.append, host);
        if (redirect.from === 1) now.out = sink;
        else now.err = sink;
      }
    }
  }
  return now;
}

async function opened(file: string, host: Host): Promise<Uint8Array> {
  if (file === '/dev/null') return new Uint8Array();
  try {
    return await host.fs.read(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`cannot open ${file}: ${error.code === 'ENOENT' ? 'No such file' : error.strerror}`);
  }
}

const DEVICES: Readonly<Record<string, Sink>> = { '/dev/null': 'null', '/dev/stdout': 'out', '/dev/stderr': 'err' };

/** The file is there from now on, and empty unless it is added to. */
async function created(file: string, append: boolean, host: Host): Promise<Sink> {
  const device = Object.hasOwn(DEVICES, file) ? DEVICES[file] : undefined;
  if (device) return device;
  try {
    await host.fs.write(file, '', { append });
    // A cd does not move what is open already.
    return { file: absolute(host, file) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`cannot create ${file}: ${error.code === 'ENOENT' ? 'Directory nonexistent' : error.strerror}`);
  }
}

/** Prints something of the shell's own. */
export async function writeTo(sink: Sink, text: string, host: Host): Promise<void> {
  if (text === '') return;
  if (sink === 'out' || sink === 'pipe') await host.print(text);
  else if (sink === 'err') await host.printError(text);
  else if (sink instanceof Captured) sink.add(text);
  else if (sink !== 'null') await host.fs.write(sink.file, text, { append: true });
}

/** The same for a program. Throws Failure for what the kernel has no way for. */
export function spawnStreams({ out, err, in: input }: Streams, own: Streams): SpawnOptions {
  return { stdout: target(out), stderr: errorsTo(out, err), ...(input === null ? {} : { stdin: input === own.in ? 'null' : 'pipe' }) };
}

function target(sink: Sink): NonNullable<SpawnOptions['stdout']> {
  if (sink === 'out' || sink === 'err') return 'inherit';
  if (sink === 'pipe' || sink instanceof Captured) return 'pipe';
  return sink === 'null' ? 'null' : { file: sink.file, append: true };
}

function errorsTo(out: Sink, err: Sink): NonNullable<SpawnOptions['stderr']> {
  if (err === 'err') return 'inherit';
  if (err === out) return 'stdout';
  const where = target(err);
  if (where === 'pipe') throw new Failure('this sandbox cannot send errors into a pipe and the output elsewhere', true);
  return where;
}

/** Gives a child what it is to read. It may end without reading it. */
export async function feed(child: Child, input: Uint8Array | string): Promise<void> {
  try {
    await child.stdin?.write(input);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
  child.stdin?.end();
}
