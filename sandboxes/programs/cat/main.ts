/** cat: prints files, or its input. */
import { type Host, isSystemError } from '../../host/host.ts';
import { helped } from '../coreutils.ts';

export default async function cat(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const names = host.args.filter((arg) => arg === '-' || !arg.startsWith('-'));
  let code = 0;
  for (const name of names.length > 0 ? names : ['-']) {
    if (name === '-') {
      for (let chunk = await host.readInput(); chunk !== null; chunk = await host.readInput()) await host.print(chunk);
      continue;
    }
    try {
      await host.print(await host.fs.read(name));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await host.printError(`cat: ${name}: ${error.strerror}\n`);
      code = 1;
    }
  }
  return code;
}
