/** man COMMAND…: what a command has in this sandbox. */
import type { Host } from '../../host/host.ts';
import { helped } from '../coreutils.ts';
import type { Page } from './page.ts';
import { optionLines, pageOf } from './pages.ts';

const section = (title: string, body: string): string => (body === '' ? '' : `${title}\n${body}\n`);
const indented = (lines: readonly string[]): string => lines.map((line) => `       ${line}\n`).join('');
/** Characters of a line of text. */
const WIDTH = 70;

export default async function man(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const names = host.args.filter((arg) => !/^\d$/.test(arg));
  if (names.length === 0) {
    await host.printError("What manual page do you want?\nFor example, try 'man man'.\n");
    return 1;
  }
  let code = 0;
  for (const name of names) {
    const page = pageOf(name);
    if (page) await host.print(printed(name, page));
    else {
      await host.printError(`No manual entry for ${name} in this sandbox; help lists what there is\n`);
      code = 16;
    }
  }
  return code;
}

function printed(name: string, page: Page): string {
  return (
    section('NAME', indented([`${name} - ${page.does}`])) +
    section('SYNOPSIS', indented(page.synopsis)) +
    section('OPTIONS', optionLines(page, 7)) +
    section('NOTES', indented(wrapped(page.notes ?? ''))) +
    section('HERE', indented(wrapped(`This is what the sandbox's ${name} has. The real one has more: read its own page on a server.`)))
  )
    .trimEnd()
    .concat('\n');
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
