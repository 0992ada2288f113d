/** find [PATH…] [TEST…]: lists the files below directories that pass the tests. */
import type { Host } from '../../host/host.ts';
import { readAccounts } from '../accounts.ts';
import { helped } from '../coreutils.ts';
import { walk } from '../walk.ts';
import { BadTest, type Question, readTests } from './tests.ts';

export default async function find(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const first = host.args.findIndex((arg) => /^-.|^!$/.test(arg));
  const paths = first < 0 ? host.args : host.args.slice(0, first);
  let question: Question;
  try {
    question = readTests(first < 0 ? [] : host.args.slice(first), await readAccounts(host));
  } catch (error) {
    if (!(error instanceof BadTest)) throw error;
    await host.printError(`find: ${error.message}\n`);
    return 1;
  }
  let code = 0;
  const refused = async (path: string, why: string): Promise<void> => {
    await host.printError(`find: ‘${path}’: ${why}\n`);
    code = 1;
  };
  for (const path of paths.length > 0 ? paths : ['.']) {
    for await (const found of walk(host, path, refused, 0, question.deepest)) {
      if (found.depth >= question.shallowest && (await question.test(host, found))) await host.print(`${found.path}\n`);
    }
  }
  return code;
}
