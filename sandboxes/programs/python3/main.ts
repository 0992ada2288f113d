/** python3: CPython for the terminal. `python3`, `python3 FILE`, `-c`, `-m`, `-V`; see options.ts. */
import type { Host } from '../../host/host.ts';
import { help, readOptions } from './options.ts';
import { runPython } from './run.ts';

export default async function python3(host: Host): Promise<number> {
  const options = readOptions(host.name, host.args);
  if ('problem' in options) {
    await host.printError(options.problem);
    return 2;
  }
  if (options.work.kind === 'help') {
    await host.print(help(host.name));
    return 0;
  }
  return runPython(host, options);
}
