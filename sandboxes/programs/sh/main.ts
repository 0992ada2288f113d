/** sh: a small shell. `sh`, `sh -i`, `sh -c 'line'`, `sh file`. */
import type { Host } from '../../host/host.ts';
import { helped } from '../coreutils.ts';
import type { Copy } from './launch.ts';
import { run } from './run.ts';
import { Session } from './session.ts';
import { OPTIONS, Shell } from './shell.ts';

export default async function sh(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const args = [...host.args];
  let interactive = false;
  let line = false;
  const options: string[] = [];
  while (/^-./.test(args[0] ?? '')) {
    for (const letter of args.shift()?.slice(1) ?? '') {
      if (letter === 'i') interactive = true;
      else if (letter === 'c') line = true;
      else if (OPTIONS.includes(letter)) options.push(letter);
      else {
        await host.printError(`sh: 0: Illegal option -${letter}\n`);
        return 2;
      }
    }
  }
  const shell = new Shell(host, interactive);
  for (const option of options) shell.options.add(option);
  if (!line && args[0] === undefined) return new Session(shell).run();
  const text = line ? args.shift() : await host.fs.readText(args[0] ?? '').catch(() => null);
  if (text === undefined || text === null) {
    await host.printError(line ? 'sh: 0: -c requires an argument\n' : `sh: 0: cannot open ${args[0]}: No such file\n`);
    return 2;
  }
  if (args[0] !== undefined) shell.name = args.shift() ?? 'sh';
  shell.arguments = args;
  if (host.image !== null) {
    const copy = JSON.parse(new TextDecoder().decode(host.image)) as Copy;
    shell.become(copy);
    await shell.guarded(() => run(shell, copy.commands));
  } else await shell.source(text);
  return shell.code;
}
