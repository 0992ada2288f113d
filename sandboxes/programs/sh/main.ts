/** sh: a small shell. `sh`, `sh -i`, `sh -c 'line'`, `sh file`. */
import type { Host } from '../../host/host.ts';
import { Shell } from './shell.ts';

export default async function sh(host: Host): Promise<number> {
  const args = [...host.args];
  let interactive = false;
  let script: string | null = null;
  while (args[0]?.startsWith('-')) {
    const flag = args.shift();
    if (flag === '-i') interactive = true;
    else if (flag === '-c') script = args.shift() ?? '';
    else {
      await host.printError(`sh: 0: Illegal option ${flag}\n`);
      return 2;
    }
  }
  const shell = new Shell(host, interactive);
  if (script === null && args[0] !== undefined) {
    const text = await host.fs.readText(args[0]).catch(() => null);
    if (text === null) {
      await host.printError(`sh: 0: cannot open ${args[0]}: No such file\n`);
      return 2;
    }
    script = text;
  }
  if (script !== null) {
    await shell.source(script);
    return shell.code;
  }
  return shell.read();
}
