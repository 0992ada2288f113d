/** curl's options, those that the course needs. */
import { parseArguments } from '../arguments.ts';

export interface CurlOptions {
  /** Only say what there is. */
  readonly help: boolean;
  readonly urls: readonly string[];
  readonly include: boolean;
  readonly verbose: boolean;
  readonly silent: boolean;
  readonly showError: boolean;
  readonly headOnly: boolean;
  readonly output: string | null;
  readonly method: string | null;
  readonly headers: readonly string[];
  readonly data: string | null;
  readonly writeOut: string | null;
  /** Milliseconds. */
  readonly maxTime: number | null;
  readonly unixSocket: string | null;
  readonly insecure: boolean;
  /** The file with the certificates to trust, instead of the machine's. */
  readonly authorities: string | null;
}

const SHORT: Readonly<Record<string, string>> = {
  '--include': '-i',
  '--verbose': '-v',
  '--silent': '-s',
  '--show-error': '-S',
  '--head': '-I',
  '--insecure': '-k',
  '--output': '-o',
  '--request': '-X',
  '--header': '-H',
  '--data': '-d',
  '--write-out': '-w',
  '--max-time': '-m',
  '--user-agent': '-A',
};

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";

export const HELP = `Usage: curl [options...] <url>
     --cacert <file>        CA certificate to verify peer against
 -d, --data <data>          HTTP POST data
 -H, --header <header>      Pass custom header to server
 -h, --help                 Get help for commands
 -i, --include              Include protocol response headers in the output
 -I, --head                 Show document info only
 -k, --insecure             Allow insecure server connections
 -m, --max-time <seconds>   Maximum time allowed for transfer
 -o, --output <file>        Write to file instead of stdout
 -s, --silent               Silent mode
 -S, --show-error           Show error even when -s is used
     --unix-socket <path>   Connect through this Unix domain socket
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -w, --write-out <format>   Use output FORMAT after completion
 -X, --request <method>     Specify request method to use
This is what the sandbox's curl has; the real one has more.
`;

/** Read the arguments, or say in curl's words what is wrong with them. */
export function readOptions(args: readonly string[]): CurlOptions | { readonly problem: string } {
  const parsed = parseArguments(args, {
    flags: ['-i', '-v', '-s', '-S', '-I', '-k', '-#', '-h', '--help', '--no-progress-meter', ...Object.keys(SHORT).slice(0, 6)],
    values: ['-o', '-X', '-H', '-d', '-w', '-m', '-A', '--unix-socket', '--cacert', ...Object.keys(SHORT).slice(6)],
  });
  if ('unknown' in parsed) return { problem: `curl: option ${parsed.unknown}: is unknown\n${TRY}` };
  if ('lacksValue' in parsed) return { problem: `curl: option ${parsed.lacksValue}: requires parameter\n${TRY}` };
  const help = parsed.flags.has('-h') || parsed.flags.has('--help');
  if (parsed.rest.length === 0 && !help) return { problem: `curl: no URL specified!\n${TRY}` };
  const flags = new Set([...parsed.flags].map((flag) => SHORT[flag] ?? flag));
  const all = (name: string): string[] => parsed.values.filter(([option]) => (SHORT[option] ?? option) === name).map(([, value]) => value);
  const last = (name: string): string | null => all(name).at(-1) ?? null;
  const maxTime = last('-m');
  if (maxTime !== null && !/^\d+(\.\d+)?$/.test(maxTime)) {
    return { problem: `curl: option --max-time: expected a proper numerical parameter\n${TRY}` };
  }
  const data = all('-d');
  const agent = last('-A');
  return {
    help,
    urls: parsed.rest,
    include: flags.has('-i'),
    verbose: flags.has('-v'),
    silent: flags.has('-s'),
    showError: flags.has('-S'),
    headOnly: flags.has('-I'),
    output: last('-o'),
    method: last('-X'),
    headers: [...(agent === null ? [] : [`User-Agent: ${agent}`]), ...all('-H')],
    data: data.length > 0 ? data.join('&') : null,
    writeOut: last('-w'),
    maxTime: maxTime === null ? null : Number(maxTime) * 1000,
    unixSocket: last('--unix-socket'),
    insecure: flags.has('-k'),
    authorities: last('--cacert'),
  };
}
