/** What is said of the two engines: how they differ for a learner, and in plain words why one of them does not run. */
import type { Isolation } from '../runtime/isolation.ts';
import type { NotOffered } from '../runtime/open.ts';
import type { Fallback } from './engine.svelte.ts';

/** Why WebContainer cannot be chosen here. */
export const NOT_OFFERED: Readonly<Record<NotOffered, string>> = {
  off: 'This site is built without WebContainer.',
  framed:
    'WebContainer does not run inside another page: it needs memory shared between threads, which browsers give to a page in a tab of its own only.',
  ios: 'WebContainer does not run reliably on iPhone and iPad: their browsers give it too little memory.',
  'not-isolated':
    'WebContainer needs memory shared between threads, which browsers give to isolated pages only. This page was loaded without isolation.',
  offline: 'You are offline, and WebContainer is loaded from stackblitz.com at every start.',
};

/** Why a page cannot be isolated by loading it again. */
export const NOT_ISOLABLE: Readonly<Partial<Record<Isolation, string>>> = {
  insecure: 'Loading it again does not help: it came over plain HTTP, and only pages that came over HTTPS can be isolated.',
  'no-service-worker':
    'Loading it again does not help: the host of this site does not isolate it, and your browser refuses the service worker that could.',
};

/** Why the server runs in this tab though WebContainer was wanted. How long was waited, the engine itself says. */
export function reasonOfFallback({ why, detail }: Fallback): string {
  switch (why) {
    case 'asked':
      return 'You cancelled the start of WebContainer.';
    case 'no-init':
      return `${detail} It may be blocked, or not to be reached from your network.`;
    case 'boot-timeout':
      return `${detail} A browser that blocks the cookies of other sites can be the cause.`;
    case 'boot-error':
      return `WebContainer could not start: ${detail}`;
    case 'not-listening':
      return `WebContainer started, but the sandbox in it did not. ${detail}`;
    default:
      return NOT_OFFERED[why];
  }
}

export interface Difference {
  readonly about: string;
  readonly embedded: string;
  readonly webcontainer: string;
}

/** What a learner can notice. Everything in it holds for the engine as it is here, not for what its maker plans. */
export const DIFFERENCES: readonly Difference[] = [
  {
    about: 'What it is',
    embedded: 'The course’s own system: each process is a Web Worker',
    webcontainer: 'Real Node.js by StackBlitz: each process is a Node process',
  },
  {
    about: 'Start',
    embedded: 'About two seconds; a first visit loads about 7 MB from this site',
    webcontainer: 'Longer: the same 7 MB, and the engine from stackblitz.com; given up when it takes too long',
  },
  {
    about: 'Speed',
    embedded: 'Python is WebAssembly, slower than on a server',
    webcontainer: 'The same Python; what processes send each other goes through Node’s network',
  },
  {
    about: 'Parallel work',
    embedded: 'As many processes at once as there are free cores',
    webcontainer: 'The same',
  },
  { about: 'TLS', embedded: 'TLS 1.3, of the course’s own, for learning', webcontainer: 'The same' },
  {
    about: 'Sockets',
    embedded: 'TCP ports and Unix sockets',
    webcontainer: 'Real ports; a Unix socket is carried over one, its file is there all the same',
  },
  {
    about: 'A process in an endless loop',
    embedded: 'kill -9 ends it at once',
    webcontainer: 'After kill -9 it is off the list and replaced, but it goes on using a core until the engine is restarted',
  },
  { about: 'Offline', embedded: 'Works once loaded', webcontainer: 'Does not start' },
  { about: 'Inside a course page', embedded: 'Works in any frame', webcontainer: 'Only in a tab of its own' },
  { about: 'Third party', embedded: 'None', webcontainer: 'StackBlitz, contacted at every start' },
  {
    about: 'Licence',
    embedded: 'Open source: this course MIT, Python PSF, Pyodide MPL 2.0',
    webcontainer: 'Client MIT; the engine is StackBlitz’s, under its terms. For-profit production use needs a commercial licence',
  },
];
