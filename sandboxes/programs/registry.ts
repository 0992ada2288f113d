/** Every program of the sandbox by name: what `spawn` and the shell can start. */
import type { Program } from '../host/host.ts';
import browser from './browser/main.ts';
import cat from './cat/main.ts';
import curl from './curl/main.ts';
import kill from './kill/main.ts';
import ls from './ls/main.ts';
import nginx from './nginx/main.ts';
import ps from './ps/main.ts';
import sh from './sh/main.ts';
import uwsgi from './uwsgi/main.ts';

export const programs: Readonly<Record<string, Program>> = { browser, cat, curl, kill, ls, nginx, ps, sh, uwsgi };
