/** What a look round the screen of a lesson stops at, in order. */

export interface Stop {
  /** Selectors; the first thing on the page that one of them finds is meant. */
  readonly at: readonly string[];
  readonly title: string;
  readonly says: string;
}

export const STOPS: readonly Stop[] = [
  {
    at: ['.lesson .step h2', '.lesson main h1'],
    title: 'The text',
    says: 'Read from top to bottom. A button with a triangle does what it says on a server that is yours alone: it sends a request, types a command or opens a file.',
  },
  {
    at: ['.workspace .picture'],
    title: 'The picture',
    says: 'One machine, seen through its wall. The dots are requests. Until you press Run it plays a recording, then it shows what your server does. Press anything in it to read about it.',
  },
  {
    at: ['.workspace .actions'],
    title: 'Run',
    says: 'Starts the servers in this tab, in a few seconds. Nothing is installed, and nothing that you break is broken for anybody else. The buttons beside it send requests.',
  },
  {
    at: ['.workspace [role="tablist"]'],
    title: 'The tabs',
    says: 'Answers in Browser, settings and code in Files, a shell in Terminal, and all requests as a list in Traffic. On a narrow screen they come up from below, and the same press puts them away.',
  },
  {
    at: ['.workspace [role="tab"][id$="-check"]'],
    title: 'Check',
    says: 'Each lesson has a task. Check looks whether it is done, with hints on three levels and a solution in the end. What you did is kept in this browser.',
  },
  {
    at: ['.top-bar button.search'],
    title: 'When you look for something',
    says: 'The magnifying glass searches all lessons; so does the key /. Press ? for the list of keys, and there you also find this look round again.',
  },
];

/** What the stop is about, if the page has it. */
export function targetOf({ at }: Stop, page: ParentNode = document): Element | null {
  for (const selector of at) {
    const found = page.querySelector(selector);
    if (found !== null) return found;
  }
  return null;
}
