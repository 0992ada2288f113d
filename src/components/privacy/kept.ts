/** All that the site keeps in a browser. A test looks for names in the source that are not here. */

export interface Kept {
  readonly what: string;
  readonly where: 'local storage' | 'session storage' | 'IndexedDB' | 'cache' | 'service worker';
  readonly name: string;
}

export const KEPT: readonly Kept[] = [
  { what: 'Steps you read, checks you passed, answers you gave', where: 'local storage', name: 'ftr:progress' },
  { what: 'Your files in each lesson, with their history', where: 'IndexedDB', name: 'ftr:work' },
  { what: 'Light or dark', where: 'local storage', name: 'ftr:theme' },
  { what: 'Where you moved the lines between parts of the screen', where: 'local storage', name: 'ftr:sizes' },
  { what: 'That you have seen the look round the screen', where: 'local storage', name: 'ftr:tour' },
  { what: 'The terminal’s mode for screen readers', where: 'local storage', name: 'ftr:screen-reader' },
  { what: 'Your choice of engine, and your yes to contacting StackBlitz', where: 'local storage', name: 'ftr:engine' },
  { what: 'What to go on with after a reload, until then', where: 'session storage', name: 'ftr:after-reload' },
  { what: 'Python and the sandbox’s programs, so that Run starts at once', where: 'cache', name: 'sandbox-engine' },
];
