/**
 * The two sides' answers and logs with all that differs between any two runs taken out: times, numbers of processes and
 * connections, who of several workers it was, and the version of Nginx. Lengths are what they would be without the digits of these.
 */
import type { Answer, NoAnswer } from './exchange.ts';

/** What programs say of themselves, in their pages and in logs. */
const NUMBERS: readonly (readonly [RegExp, string])[] = [
  [/\b(worker|pid|process)( |: |:)\d+/gi, '$1$2N'],
  [/\bcounts \d+/g, 'counts N'],
  [/\bnginx\/\d+(\.\d+)+( \(\w+\))?/g, 'nginx/V'],
];

export function plain(text: string): string {
  return NUMBERS.reduce((now, [from, to]) => now.replace(from, to), text);
}

/** Of these headers the value is another at every moment; that there is one, and its form, is compared. */
const TIMED = /^((?:< )?(?:date|last-modified|expires): )\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/i;

/** A line of an answer's head. */
export function plainHead(line: string): string {
  return plain(line)
    .replace(TIMED, '$1(a time)')
    .replace(/^((?:< )?etag: ")[\da-f]+-/i, '$1(a time)-')
    .replace(/^((?:< )?allow: )(.*)$/i, (_, name: string, methods: string) => name + methods.split(', ').sort().join(', '));
}

const header = ({ headers }: Answer, wanted: string): string | undefined => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

/** By how much numbers make a page longer; null: nobody knows, since only its head was asked for, and a page, unlike a file, may have some. */
function excess(answer: Answer): number | null {
  const { body } = answer;
  const isHead = body === '' && header(answer, 'content-length') !== '0' && header(answer, 'etag') === undefined;
  return isHead ? null : body.length - plain(body).length;
}

/** An answer as lines, to be compared and shown. */
export function plainAnswer(answer: Answer | NoAnswer): string[] {
  if ('failed' in answer) return [`no answer: ${answer.failed}`];
  const own = excess(answer);
  const length = (value: string): string => (own === null ? '(its length)' : String(Number(value) - own));
  const head = answer.headers.map(([name, value]) =>
    name.toLowerCase() === 'content-length' ? `${name}: ${length(value)}` : plainHead(`${name}: ${value}`),
  );
  return [answer.line, ...head, '', ...plain(answer.body).split('\n')];
}

/** `127.0.0.1 - - [23/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 30 "-" "-"`, whose answer was this. */
export function plainAccess(line: string, answer?: Answer | NoAnswer): string {
  const own = answer === undefined || 'failed' in answer ? 0 : (excess(answer) ?? 0);
  return line
    .replace(/\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/, '[T]')
    .replace(/" (\d{3}) (\d+) "/, (_, status: string, sent: string) => `" ${status} ${Number(sent) - own} "`);
}

/**
 * Nginx leaves a machine that refused alone for 10 seconds, so how often it has tried, and for whom, hangs on the pace: such a line stays
 * without its request, once.
 */
export function triedElsewhere(lines: readonly string[]): string[] {
  const own = lines.filter(isElsewhere).map((line) => plainError(line).replace(/request: "[^"]*"/, 'request: "…"'));
  return [...new Set(own)];
}

export const isElsewhere = (line: string): boolean => /upstream: "\w+:\/\/10\./.test(line);

/** `2026/11/22 05:39:49 [error] 3471#3471: *1 open() …` */
export function plainError(line: string): string {
  return line.replace(
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (\[\w+\]) \d+#\d+: (\*\d+ )?/,
    (_, level: string, n?: string) => `T ${level} P: ${n ? '*N ' : ''}`,
  );
}

/**
 * A line of uWSGI; of a request's own line, `answer` is what it tells of. The variables' bytes go: among them are folders and the visitor's
 * address and port, which mapping.ts has made others.
 */
export function plainUwsgi(line: string, answer?: Answer | NoAnswer): string {
  const own = answer === undefined || 'failed' in answer ? null : excess(answer);
  const without = (bytes: string, more: number): string => (own === null ? 'N' : String(Number(bytes) - more));
  // among the headers is the length
  const length = answer === undefined || 'failed' in answer ? undefined : header(answer, 'content-length');
  const digits = length === undefined ? 0 : length.length - String(Number(length) - (own ?? 0)).length;
  return (
    line
      .replace(/\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\]/g, '[T]')
      .replace(/\{(address space|rss) usage: \d+ bytes\/\d+MB\}/g, '{$1 usage: N bytes/NMB}')
      // the machine may have other accounts
      .replace(/^(set[ug]id\(\) to )\d+$/, '$1N')
      .replace(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} - /, 'T - ')
      .replace(/\bready in \d+ seconds\b/, 'ready in N seconds')
      .replace(/\[pid: \d+\|app: (-?\d+)\|req: (?:-?\d+\/\d+)\]/, '[pid: N|app: $1|req: N/N]')
      .replace(/\{(\d+) vars in \d+ bytes\}/, '{$1 vars in N bytes}')
      .replace(/generated (\d+) bytes in \d+ msecs/, (_, bytes: string) => `generated ${without(bytes, own ?? 0)} bytes in N msecs`)
      .replace(/(?<=\d headers in )\d+(?= bytes)/, (bytes) => without(bytes, digits))
      .replace(/\(\d+ switches on core \d+\)/, '(N switches on core N)')
      .replace(/\binterpreter (initialized at )?0x[\da-f]+/, 'interpreter $10xN')
      .replace(/\b(pid: |process |PROCESS |worker |WORKER )\d+/g, '$1N')
      .replace(/\bsince \d{10}\b/, 'since N')
  );
}
