/** `autoindex`: the list of a directory's files, in nginx's own columns. */
import type { FileInfo } from '../../../host/host.ts';
import { fromUnicode, toUnicode } from '../../http/bytes.ts';
import { MONTHS } from '../dates.ts';

export interface Entry {
  readonly name: string;
  readonly info: FileInfo;
}

/** Width of the column for names. */
const WIDTH = 50;

/** The page, as byte text. `uri` is byte text too; names are Unicode. */
export function listing(uri: string, entries: readonly Entry[], exactSize: boolean, utf8: boolean): string {
  const title = escapeHtml(uri);
  const isDirectory = ({ info }: Entry): boolean => info.kind === 'directory';
  const sorted = entries
    .map((entry) => ({ ...entry, bytes: fromUnicode(entry.name) }))
    .sort((a, b) => Number(isDirectory(b)) - Number(isDirectory(a)) || (a.bytes < b.bytes ? -1 : 1));
  const lines = sorted.map((entry) => line(entry.bytes, entry.info, exactSize, utf8)).join('');
  return (
    `<html>\r\n<head><title>Index of ${title}</title></head>\r\n<body>\r\n<h1>Index of ${title}</h1>` +
    `<hr><pre><a href="../">../</a>\r\n${lines}</pre><hr></body>\r\n</html>\r\n`
  );
}

function line(name: string, info: FileInfo, exactSize: boolean, utf8: boolean): string {
  const slash = info.kind === 'directory' ? '/' : '';
  const href = name.replace(/[^A-Za-z0-9\-._~]/g, (ch) => `%${ch.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  const letters = utf8 ? [...toUnicode(name)] : [...name];
  let column: string;
  if (letters.length > WIDTH) {
    const cut = letters.slice(0, WIDTH - 3).join('');
    column = `${escapeHtml(utf8 ? fromUnicode(cut) : cut)}..&gt;</a>`;
  } else {
    const tail = letters.length < WIDTH ? slash : '';
    column = `${escapeHtml(name)}${tail}</a>${' '.repeat(WIDTH - letters.length - tail.length)}`;
  }
  return `<a href="${href}${slash}">${column} ${date(info.modified)} ${size(info, exactSize)}\r\n`;
}

function date(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function size(info: FileInfo, exact: boolean): string {
  if (info.kind === 'directory') return '-'.padStart(exact ? 19 : 7);
  if (exact) return String(info.size).padStart(19);
  const [unit, letter] =
    info.size > 1024 ** 3 - 1 ? [1024 ** 3, 'G'] : info.size > 1024 ** 2 - 1 ? [1024 ** 2, 'M'] : info.size > 9999 ? [1024, 'K'] : [1, ''];
  const count = String(Math.floor(info.size / unit + (unit > 1 ? 0.5 : 0)));
  return letter === '' ? ` ${count.padStart(6)}` : `${count.padStart(6)}${letter}`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
