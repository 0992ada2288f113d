/** What sentences about a run call its parts. The run stays what it is: only names are chosen, never what it said itself. */
export interface Vocabulary {
  /** In front: the server that reads requests, and how its processes are called by their role. */
  readonly gate: string;
  readonly gateProcess: Readonly<Record<'master' | 'worker', string>>;
  /** Who takes a file from the shelf. */
  readonly shelf: string;
  /** Behind it: who replaces workers, and how its process is called. */
  readonly master: string;
  readonly masterProcess: string;
  /** Before the number of one. */
  readonly worker: string;
  /** All of them together. */
  readonly pool: string;
  /** Where requests wait, and how that is called by who passes them on. */
  readonly queue: string;
  readonly socket: string;
}

/** The names of what really runs. */
export const REAL: Vocabulary = {
  gate: 'nginx',
  gateProcess: { master: 'nginx master', worker: 'nginx worker' },
  shelf: 'nginx',
  master: 'the master',
  masterProcess: 'uwsgi master',
  worker: 'worker',
  pool: 'uwsgi',
  queue: 'listen queue',
  socket: 'the socket',
};
