/** ab: ApacheBench 2.3. Real requests over real connections, `-c` of them at the same time, and the real one's report. */
import { type Host, isSystemError } from '../../host/host.ts';
import { resolve } from '../curl/hosts.ts';
import { helpOf, pageOf } from '../man/pages.ts';
import { Aborted, Load } from './client.ts';
import { type AbOptions, readOptions, VERSION } from './options.ts';
import { reportText } from './report.ts';

const MISUSED = 22;
/** From so many requests on, progress is told: every tenth part of them, and not oftener than every 100. */
const TELLS_FROM = 150;
const TELLS_EVERY = 100;

export default async function ab(host: Host): Promise<number> {
  const options = readOptions(host.args);
  if (options === 'help') {
    const page = pageOf('ab');
    if (page) await host.print(helpOf('ab', page));
    return 0;
  }
  if (options === 'version') {
    await host.print(VERSION);
    return 0;
  }
  if ('problem' in options) {
    await host.printError(options.problem);
    return MISUSED;
  }
  const body = await bodyOf(host, options);
  if (body === 'missing') return 1;
  await host.print(VERSION);
  const ip = await resolve(host, options.url.host);
  if (ip === null) {
    await host.printError(`ab: Could not resolve host ${options.url.host}: Temporary failure in name resolution (670003)\n`);
    return 1;
  }
  return measure(host, options, ip, body);
}

async function bodyOf(host: Host, { bodyFile }: AbOptions): Promise<Uint8Array | null | 'missing'> {
  if (bodyFile === null) return null;
  try {
    return await host.fs.read(bodyFile);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await host.printError(`ab: Could not open POST data file (${bodyFile}): ${error.strerror}\n`);
    return 'missing';
  }
}

async function measure(host: Host, options: AbOptions, ip: string, body: Uint8Array | null): Promise<number> {
  const { requests, quiet, url } = options;
  const every = requests > TELLS_FROM && !quiet ? Math.max(TELLS_EVERY, Math.floor(requests / 10)) : 0;
  const load = new Load(host, options, ip, body, (done) => {
    if (every > 0 && done % every === 0) void host.printError(`Completed ${done} requests\n`);
  });
  let interrupted = false;
  host.onSignal('SIGINT', () => {
    interrupted = true;
    load.stop();
  });
  await host.print(`Benchmarking ${url.host} (be patient)${every > 0 ? '\n' : '...'}`);
  try {
    await load.run();
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
    load.stop();
    await host.printError(`${error.message}\n`);
    if (load.done > 0) await host.print(`Total of ${load.done} requests completed\n`);
    return error.errno;
  }
  const outcome = load.outcome();
  if (every > 0) await host.printError(`Finished ${load.done} requests\n`);
  else await host.print('..done\n');
  await host.print(`\n\n${reportText(outcome)}`);
  return interrupted ? 1 : 0;
}
