/** All that the site keeps in a browser. A test looks for names in the source that are not here. */

export interface Kept {
  readonly what: string;
  readonly where: 'local storage' | 'session storage' | 'IndexedDB' | 'cache' | 'service worker';
  /** One that ends with a colon has a lesson's name after it. */
  readonly name: string;
}

export const KEPT: readonly Kept[] = [
  { what: 'Steps you read, checks you passed, answers you gave', where: 'local storage', name: 'ftr:progress' },
  { what: 'Your files in each lesson, with their history', where: 'IndexedDB', name: 'ftr:work' },
  { what: 'Lines you entered in the terminal of each lesson', where: 'local storage', name: 'ftr:history:' },
  { what: 'Which hints of a check you have opened', where: 'local storage', name: 'ftr:hints:' },
  { what: 'Files you edited when the course kept only those', where: 'local storage', name: 'ftr:files:' },
  { what: 'Light or dark', where: 'local storage', name: 'ftr:theme' },
  { what: 'Where you moved the lines between parts of the screen', where: 'local storage', name: 'ftr:sizes' },
  { what: 'That you have seen the look round the screen', where: 'local storage', name: 'ftr:tour' },
  { what: 'The terminal’s mode for screen readers', where: 'local storage', name: 'ftr:screen-reader' },
  { what: 'Whether the terminal’s server log is open', where: 'local storage', name: 'ftr:server-log' },
  { what: 'Whether single letters are keys of the stage', where: 'local storage', name: 'ftr:present-letters' },
  { what: 'The class that this tab belongs to', where: 'session storage', name: 'ftr:room' },
  { what: 'Which lesson this tab was in with its class', where: 'session storage', name: 'ftr:room-lesson' },
  { what: 'That this tab has left its class', where: 'session storage', name: 'ftr:room-left' },
  { what: 'The teacher’s key of a class', where: 'session storage', name: 'ftr:class' },
  { what: 'When your talk began, in the speaker’s window', where: 'session storage', name: 'ftr:speaker:' },
  { what: 'Your choice of engine, and your yes to contacting StackBlitz', where: 'local storage', name: 'ftr:engine' },
  { what: 'What to go on with after a reload, until then', where: 'session storage', name: 'ftr:after-reload' },
  { what: 'Python and the sandbox’s programs, so that Run starts at once', where: 'cache', name: 'sandbox-engine' },
  { what: 'Pages you have visited, and the course if you downloaded it, for use without a network', where: 'cache', name: 'ftr:site' },
  { what: 'The program that answers with these pages', where: 'service worker', name: 'service-worker.js' },
];

/** Is that kept under this name? An origin may hold other sites, whose keys are left alone. */
export const isOf = (key: string, name: string): boolean => key === name || (name.endsWith(':') && key.startsWith(name));
