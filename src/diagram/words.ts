import { REAL, type Vocabulary } from '../trace/vocabulary.ts';

/**
 * What the parts of the map are called: by the names of the Python stack, which runs, or by those of their counterparts in IIS.
 * With IIS names the run stays what it was, and the wall says so.
 */
export type Names = 'python' | 'iis';

/** A name, and what stands for it where it does not fit. */
export interface Word {
  readonly long: string;
  readonly short: string;
}

interface Words {
  /** On the wall: which machine this is, or whose words these are. */
  readonly host: string;
  readonly gate: Word;
  readonly master: string;
  /** Before the number of a room. */
  readonly worker: string;
  /** The line of those who wait; without it the socket's own address. */
  readonly queue: Word | null;
  /** The shelf; without it the file that was opened last. */
  readonly shelf: Word | null;
  /** Beginnings of the names that assistive technology reads. */
  readonly spoken: { readonly gate: string; readonly master: string; readonly queue: string; readonly shelf: string; readonly map: string };
  /** In sentences about what happened. */
  readonly told: Vocabulary;
}

export const WORDS: Readonly<Record<Names, Words>> = {
  python: {
    host: 'one Ubuntu machine',
    gate: { long: 'nginx', short: 'nginx' },
    master: 'master',
    worker: 'worker',
    queue: null,
    shelf: null,
    spoken: {
      gate: 'nginx, the gate in the wall',
      master: 'uWSGI master',
      queue: 'Listen queue',
      shelf: 'Shelf of static files',
      map: 'Map of the server',
    },
    told: REAL,
  },
  iis: {
    host: 'same run, IIS words',
    gate: { long: 'HTTP.sys', short: 'IIS' },
    master: 'WAS',
    worker: 'w3wp',
    queue: { long: "the pool's request queue", short: 'request queue' },
    shelf: { long: 'StaticFileModule', short: 'StaticFile' },
    spoken: {
      gate: 'HTTP.sys and the front of IIS, here nginx',
      master: 'WAS, here the uWSGI master',
      queue: "The application pool's request queue, here the listen queue",
      shelf: 'StaticFileModule, which IIS runs inside w3wp.exe, here the shelf of nginx',
      map: 'Map of the same run in IIS words: the processes are nginx, uWSGI and Python, no IIS runs here',
    },
    told: {
      gate: 'HTTP.sys',
      gateProcess: { master: 'HTTP.sys', worker: 'HTTP.sys' },
      shelf: 'StaticFileModule',
      master: 'WAS',
      masterProcess: 'WAS',
      worker: 'w3wp',
      pool: 'the application pool',
      queue: 'request queue',
      socket: "the pool's request queue",
    },
  },
};

/** What is drawn in the lecture's version in place of a master that watches and a line that nobody hands out. */
export const LECTURE = {
  manager: 'The manager of the lecture, a model: it points at a worker and gives it the request. No such process runs.',
  title: 'manager',
  host: "the lecture's picture",
  queue: 'Requests that wait for the manager',
  map: 'Map of the server as the lecture draws it, a model: a manager gives each request to a worker',
} as const;
