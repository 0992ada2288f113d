/** What the workers of this benchmark run, how they are asked, and how long: the same for the sandbox's uWSGI and the machine's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const APP = readFileSync(join(import.meta.dirname, 'app.py'), 'utf8');

/** What is asked for with 1 to 4 workers: little work, some, and an answer in ten pieces. */
export const ROUTES = ['/', '/json', '/stream'] as const;
export const WORKERS = [1, 2, 3, 4] as const;
/** The most that the sandbox has. */
export const MOST_WORKERS = 8;

export const CLIENTS = 8;
/** For what only waits: more than there are workers, so that none is ever without work. */
export const WAITING_CLIENTS = 16;
export const WARM_UP_MS = 200;
export const MEASURED_MS = 1500;

export const request = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load/1.0\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n`;
