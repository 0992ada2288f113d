/** The whole course, in the order of the lecture, and the capstone behind it: number and subject of each lesson. */
export const OUTLINE: ReadonlyMap<number, string> = new Map([
  [1, 'One machine, looked after by you'],
  [2, 'Two web servers, first: Nginx'],
  [3, 'Second: uWSGI and the gateway'],
  [4, 'Three ways to grow'],
  [5, 'One master, many workers'],
  [6, 'The GIL, and how processes get around it'],
  [7, 'When one worker fails'],
  [8, 'HTTPS arrives at Nginx'],
  [9, 'Static files stay at the edge'],
  [10, 'Handing over: HTTP or a Unix socket'],
  [11, 'Which worker takes it?'],
  [12, 'Build it backwards I: dependencies and code'],
  [13, 'Build it backwards II: uWSGI first, then Nginx closes the gap'],
  [14, 'You already know this: IIS'],
  [15, 'Capstone: four workers, one leaks'],
]);

/** A lesson, or a step of it: number of the lesson, then of the step. */
export type Place = readonly [lesson: number, step?: number];
