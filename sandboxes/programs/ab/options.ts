/** ab's command line, those options that the course needs, with ApacheBench's words for what is wrong. */
import { parseArguments } from '../arguments.ts';
import { type HttpUrl, parseUrl } from '../http/exchange.ts';

export interface AbOptions {
  readonly url: HttpUrl;
  readonly requests: number;
  readonly concurrency: number;
  /** Milliseconds, or null. */
  readonly limit: number | null;
  /** So long for one answer, in milliseconds. */
  readonly patience: number;
  readonly keepAlive: boolean;
  readonly headers: readonly string[];
  readonly method: string;
  readonly bodyFile: string | null;
  readonly contentType: string;
  readonly anyLength: boolean;
  readonly quiet: boolean;
}

/** With -t alone, ab sends no more than so many. */
const MOST = 50_000;
const FLAGS = ['-k', '-i', '-l', '-q', '-r', '-d', '-S', '-V', '-h', '--help'];
const VALUES = ['-n', '-c', '-t', '-H', '-C', '-p', '-u', '-T', '-m', '-s'];

export const VERSION = `This is ApacheBench, Version 2.3 <$Revision: 1903618 $>
Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/
Licensed to The Apache Software Foundation, http://www.apache.org/

`;
const USAGE = 'Usage: ab [options] [http[s]://]hostname[:port]/path\nOptions are: ab --help says which this sandbox has\n';

/** What to print instead: help (`-h`), the version (`-V`), or what is wrong. */
export type Instead = 'help' | 'version' | { readonly problem: string };

export function readOptions(args: readonly string[]): AbOptions | Instead {
  const parsed = parseArguments(args, { flags: FLAGS, values: VALUES });
  if ('unknown' in parsed) return wrong(`ab: this sandbox's ab does not have ${parsed.unknown}; ab --help says what it has\n`, '');
  if ('lacksValue' in parsed) return wrong(`ab: option requires an argument -- '${parsed.lacksValue.slice(1)}'\n`);
  if (parsed.flags.has('-h') || parsed.flags.has('--help')) return 'help';
  if (parsed.flags.has('-V')) return 'version';
  const all = (name: string): string[] => parsed.values.filter(([option]) => option === name).map(([, value]) => value);
  const last = (name: string): string | null => all(name).at(-1) ?? null;
  const [address, extra] = parsed.rest;
  if (address === undefined || extra !== undefined) return wrong('ab: wrong number of arguments\n');
  const url = readUrl(address);
  if ('problem' in url) return url;

  const limit = positive(last('-t'));
  if (limit === 'bad') return wrong('ab: Invalid time limit\n');
  const requests = positive(last('-n')) ?? (limit === null ? 1 : MOST);
  const concurrency = positive(last('-c')) ?? 1;
  const patience = positive(last('-s')) ?? 30;
  if (requests === 'bad') return wrong('ab: Invalid number of requests\n');
  if (concurrency === 'bad') return wrong('ab: Invalid concurrency\n');
  if (patience === 'bad') return wrong('ab: Invalid timeout\n');
  if (concurrency > requests) return wrong('ab: Cannot use concurrency level greater than total number of requests\n');
  if (requests > MOST) return wrong(`ab: this sandbox's ab sends ${MOST} requests at most\n`, '');
  const bodyFile = last('-p') ?? last('-u');
  const method = last('-m') ?? (last('-p') !== null ? 'POST' : last('-u') !== null ? 'PUT' : parsed.flags.has('-i') ? 'HEAD' : 'GET');
  return {
    url,
    requests,
    concurrency,
    limit: limit === null ? null : limit * 1000,
    patience: patience * 1000,
    keepAlive: parsed.flags.has('-k'),
    headers: [...all('-H'), ...all('-C').map((cookie) => `Cookie: ${cookie}`)],
    method,
    bodyFile,
    contentType: last('-T') ?? 'text/plain',
    anyLength: parsed.flags.has('-l'),
    quiet: parsed.flags.has('-q'),
  };
}

function readUrl(address: string): HttpUrl | { readonly problem: string } {
  const whole = /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  // The real one wants a path: `http://host` alone is no address to it.
  const url = /^https?:\/\/[^/]+\//i.test(whole) ? parseUrl(whole) : null;
  if (url === null) return { problem: `ab: invalid URL\n${USAGE}` };
  if (url.secure) return { problem: "ab: this sandbox's ab speaks HTTP only, not HTTPS: curl -k does\n" };
  return url;
}

const wrong = (problem: string, usage = USAGE): { readonly problem: string } => ({ problem: problem + usage });

function positive(text: string | null): number | null | 'bad' {
  if (text === null) return null;
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : 'bad';
}
