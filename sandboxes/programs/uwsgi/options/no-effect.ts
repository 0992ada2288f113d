/** Real options that are taken and make no difference here, because what they tune the sandbox does not have. */

const KERNEL = 'Tunes sockets of the operating system; the sandbox has its own.';
const LIMITS = 'Belongs to the operating system; the sandbox has no such limits.';
const TITLES = 'Processes always have their own names here.';
const THREADS = 'Belongs to threads, which Python in WebAssembly does not have.';
const QUIET = 'The log stays as it is.';

const all = (why: string, names: string): [string, string][] => names.split(/\s+/).map((name) => [name, why]);

/** Why each has none, in a sentence for the reference. By the option's one name. */
export const NO_EFFECT: Readonly<Record<string, string>> = Object.fromEntries([
  ...all(KERNEL, 'so-keepalive so-send-timeout so-write-timeout socket-send-timeout socket-write-timeout so-sndbuf socket-sndbuf'),
  ...all(KERNEL, 'so-rcvbuf socket-rcvbuf reuse-port tcp-nodelay tcp-fast-open tcp-fastopen tcp-fast-open-client no-defer-accept freebind'),
  ...all(KERNEL, 'close-on-exec close-on-exec2 disable-sendfile'),
  ...all(LIMITS, 'limit-nproc max-fd never-swap cpu-affinity prio ksm'),
  ...all(TITLES, 'auto-procname procname procname-prefix procname-prefix-spaced procname-append procname-master'),
  ...all(THREADS, 'threads-stacksize thread-stacksize thread-stack-size threads-stack-size py-call-osafterfork py-call-uwsgi-fork-hooks'),
  ...all('How locks are made; the sandbox has one kind.', 'lock-engine thunder-lock-watchdog'),
  ...all(QUIET, 'harakiri-verbose log-master log-master-bufsize skip-atexit skip-atexit-teardown'),
  ...all('The socket is never standard input here.', 'skip-zero honour-stdin'),
  ...all('A worker hands nothing to other threads here.', 'offload-threads offload-thread'),
]);
