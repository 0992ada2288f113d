/**
 * What each command has in this sandbox: `man` and `--help` print it, Tab completes its options. Short on purpose: it says what is
 * here, not what the real one has.
 */
import { FILES } from './files.ts';
import { MACHINE } from './machine.ts';
import type { Page } from './page.ts';
import { PROCESSES } from './processes.ts';
import { SERVERS } from './servers.ts';
import { SHELL } from './shell.ts';

const pages: Readonly<Record<string, Page>> = { ...FILES, ...PROCESSES, ...MACHINE, ...SERVERS, ...SHELL };

/** Commands with more than one name. */
const SAME: Readonly<Record<string, string>> = { 'apt-get': 'apt', vi: 'nano', python: 'python3', '[': 'test', '.': 'source' };

/** The page of a command, or null. */
export function pageOf(name: string): Page | null {
  const own = Object.hasOwn(SAME, name) ? (SAME[name] ?? name) : name;
  return Object.hasOwn(pages, own) ? (pages[own] ?? null) : null;
}

/** The options of a command as they are typed: `-n`, `--lines`. */
export function optionsOf(name: string): readonly string[] {
  return (pageOf(name)?.options ?? []).flatMap(([option]) => [...option.matchAll(/(?:^|, )(--?[\w-]+)/g)].map(([, found]) => found ?? ''));
}

/** The options in two columns, `indent` spaces from the left. */
export function optionLines(page: Page, indent: number): string {
  const width = Math.max(0, ...page.options.map(([option]) => option.length));
  return page.options.map(([option, does]) => `${' '.repeat(indent)}${option.padEnd(width)}  ${does}\n`).join('');
}

/** What `NAME --help` prints. */
export function helpOf(name: string, page: Page): string {
  const usage = page.synopsis.map((line, i) => `${i === 0 ? 'Usage: ' : '   or: '}${line}\n`).join('');
  const does = `${name}: ${page.does}\n`;
  const options = page.options.length > 0 ? `\n${optionLines(page, 2)}` : '';
  const notes = page.notes === undefined ? '' : `\n${page.notes}\n`;
  return `${usage}${does}${options}${notes}\nThis is what the sandbox's ${name} has; the real one has more.\n`;
}
