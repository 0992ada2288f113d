/** Ways through the course for those with less time: some steps of some lessons. How long a step takes, the lessons' presenter notes say. */

export interface Stop {
  /** Number of the lesson. */
  readonly lesson: number;
  readonly steps: readonly number[];
  /** What you see there, in one sentence. */
  readonly see: string;
}

export interface Path {
  readonly id: string;
  readonly title: string;
  /** For whom, in one sentence. */
  readonly says: string;
  /** What its steps take together. */
  readonly minutes: number;
  readonly stops: readonly Stop[];
}

export const PATHS: readonly Path[] = [
  {
    id: 'quick',
    title: '15 minutes',
    says: 'The whole picture once, each idea with its proof. None of these steps needs one that is left out.',
    minutes: 15,
    stops: [
      { lesson: 2, steps: [1, 5], see: 'There are two servers: switch Python off, and the files still come.' },
      { lesson: 5, steps: [1], see: 'One Python worker, four visitors: the last one waits four seconds.' },
      { lesson: 11, steps: [3, 6], see: 'Four workers, eight visitors, two waves, and nobody hands out the work.' },
      { lesson: 7, steps: [1], see: 'Crash a worker: one visitor notices, and a second later there is a new one.' },
      { lesson: 14, steps: [1, 3], see: 'Every part has a name in IIS, and one thing is different for good.' },
    ],
  },
  {
    id: 'class',
    title: '45 minutes in class',
    says: 'One lecture hour with questions: show it on the big screen, let the class say what will happen, then press.',
    minutes: 45,
    stops: [
      { lesson: 2, steps: [1, 3, 5], see: 'Two servers, and what the first one does with a Python file.' },
      { lesson: 3, steps: [1, 5], see: 'Three lines are a web app, and one changed line makes Flask of it.' },
      { lesson: 5, steps: [2, 3, 4], see: 'Four workers, a master that never answers, and one variable with four values.' },
      { lesson: 11, steps: [3, 4, 6], see: 'Two waves, a queue that only grows, and the truth about who picks the worker.' },
      { lesson: 7, steps: [1, 3, 4], see: 'A crash heals itself; requests that hang need a limit.' },
      { lesson: 8, steps: [2, 3], see: 'A key, a certificate, a second door: HTTPS ends at Nginx.' },
      { lesson: 10, steps: [3, 4], see: 'The door to Python becomes a file, with an owner and a mode.' },
      { lesson: 14, steps: [1, 4, 7], see: 'The same in IIS words, a pool converted, and garden or farm.' },
    ],
  },
];
