/**
 * Starts of uWSGI: those in fixtures/startup-errors.json, and cases of our own (startup.ts) that are put to both the real one
 * (`scripts/record-uwsgi.ts`, which writes fixtures/own.json) and this one (recorded.test.ts).
 */

/** One start, and a stop with SIGINT when it runs. */
export interface StartCase {
  readonly name: string;
  /** The options of the command line; the last one may be INI, whose content is `ini`. */
  readonly args: readonly string[];
  readonly ini?: string;
  /** Files beside APP. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Started by another user than root. */
  readonly user?: 'root' | 'www-data';
  /** Afterwards these files are looked at: their text, or that they are gone. */
  readonly look?: readonly string[];
}

export interface Recorded {
  readonly output: readonly string[];
  readonly code: number | null;
  /** Of the files to look at, null for those that are gone. */
  readonly files?: Readonly<Record<string, string | null>>;
}

export const INI = '/run/shop/case.ini';
/** Where uWSGI is started. */
export const HOME = '/srv/deploy';
export const USER = 33;

/** The application of the recordings: what it says at its import, and the line where it fails, are in their output. */
export const APP: Readonly<Record<string, string>> = {
  '/srv/shop/app/wsgi.py': `import json
import os

import uwsgi

print(f'app: module imported in pid {os.getpid()}')


def application(environ, start_response):
    path = environ['PATH_INFO']
    if path != '/raise':
        body = json.dumps({'hello': 'world', 'worker': uwsgi.worker_id(), 'pid': os.getpid()}) + '\\n'
        body = body.encode()
        start_response('200 OK', [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))])
        return [body]
${'    #\n'.repeat(42 - 16)}    if path == '/raise':
        raise ValueError("boom from the app")
`,
  '/srv/shop/app/notcallable.py': 'application = 42\n',
  '/srv/shop/app/importerr.py': 'import nosuchlib\n',
  '/srv/shop/app/raiser.py': "import os\nKEY = os.environ['SECRET_KEY']\n",
  '/srv/shop/app/exiter.py': 'import sys\nsys.exit(7)\n',
};

/** Facts about the machine, which is another one here. */
const MACHINE = /^(compiled with|os: |machine: |nodename: |detected number of|detected max|your processes number)/;

/**
 * Output without what differs from run to run or from machine to machine: dates, process numbers, addresses, durations,
 * versions of Python. Lines that are only about the machine go.
 */
export function plain(output: string): string[] {
  return output
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !MACHINE.test(line.replace(/^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} - /, '')))
    .map((line) =>
      line
        .replace(/\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}/g, 'DATE')
        .replace(/(pid:? )\d+/g, '$1PID')
        .replace(/0x[0-9a-f]{4,}/g, 'ADDRESS')
        .replace(/Python version: .*/, 'Python version: VERSION')
        .replace(/("<frozen \w+>", line )\d+/, '$1N')
        .replace(/python3\.?\d\d/g, 'python3.X')
        .replace(/(in|buried after) \d+ (msecs|seconds)/g, '$1 N $2')
        .replace(/\S+ \(port auto-assigned.*/, 'port auto-assigned'),
    );
}
