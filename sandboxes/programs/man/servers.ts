/** Pages of the servers, Python, and what speaks to them. */
import type { Page } from './page.ts';

export const SERVERS: Readonly<Record<string, Page>> = {
  curl: {
    does: 'send a request',
    synopsis: ['curl [OPTION...] URL'],
    options: [
      ['-i, --include', "the answer's headers, too"],
      ['-I, --head', 'only the headers'],
      ['-v, --verbose', 'everything that is said'],
      ['-s, --silent', 'no progress and no errors'],
      ['-S, --show-error', 'errors though silent'],
      ['-k, --insecure', 'accept every certificate'],
      ['-o, --output FILE', 'into a file'],
      ['-X, --request METHOD', 'POST, HEAD and so on'],
      ['-H, --header HEADER', 'one more header'],
      ['-d, --data DATA', 'a body to send'],
      ['-w, --write-out FORMAT', 'print this at the end, for example %{http_code}'],
      ['-m, --max-time SECONDS', 'give up after that'],
      ['--unix-socket PATH', 'connect to this socket'],
      ['--cacert FILE', 'trust the certificates in it'],
    ],
  },
  nginx: {
    does: 'the web server',
    synopsis: ['nginx [-t | -T] [-c FILE] [-p FOLDER] [-g DIRECTIVES]', 'nginx -s SIGNAL'],
    options: [
      ['-t', 'test the configuration'],
      ['-T', 'test it and print it'],
      ['-s SIGNAL', 'stop, quit, reload or reopen'],
      ['-c FILE', 'the configuration, /etc/nginx/nginx.conf unless told'],
      ['-p FOLDER', 'where relative paths begin'],
      ['-g DIRECTIVES', "more directives, for example 'daemon off;'"],
      ['-e FILE', 'the error log until the configuration names one'],
      ['-q', 'say less with -t'],
      ['-v', 'the version'],
    ],
    notes: 'Reads the same files as the real one. A directive that this sandbox does not have is refused in one sentence: try nginx -t.',
  },
  openssl: { does: 'make and read certificates', synopsis: ['openssl COMMAND [OPTION...]', 'openssl help'], options: [] },
  pip: { does: 'install Python packages that this site has with it', synopsis: ['pip install PACKAGE...', 'pip list'], options: [] },
  python3: {
    does: 'Python',
    synopsis: ['python3 [-c CODE | -m MODULE | FILE] [ARGUMENT...]', 'python3'],
    options: [
      ['-c CODE', 'run this'],
      ['-m MODULE', 'run a module, for example venv'],
      ['-V, --version', 'the version'],
    ],
    notes: 'Without arguments it reads what you type. Ctrl-D or exit() ends it.',
  },
  uwsgi: {
    does: 'the application server',
    synopsis: ['uwsgi --ini FILE', 'uwsgi [OPTION...]'],
    options: [
      ['--ini FILE', 'the configuration'],
      ['--socket ADDRESS', 'where to listen for the uwsgi protocol'],
      ['--http ADDRESS', 'where to listen for HTTP'],
      ['--wsgi-file FILE', 'the application'],
      ['--master', 'a master above the workers'],
      ['--processes NUMBER', 'how many workers'],
      ['--stop PIDFILE', 'stop the server whose pid is in the file'],
      ['--reload PIDFILE', 'reload it'],
    ],
    notes: 'Every option may stand in the ini file without its dashes. One that this sandbox does not have is refused in one sentence.',
  },
  uwsgitop: {
    does: "watch uwsgi's workers",
    synopsis: ['uwsgitop [--frequency SECONDS] STATS_SOCKET'],
    options: [['--frequency SECONDS', 'how often']],
  },
  sh: { does: 'the shell', synopsis: ['sh', 'sh -c LINE', 'sh FILE'], options: [['-c LINE', 'carry out this line']] },
};
