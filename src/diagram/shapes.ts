/** Shapes of dots and lamps. Status is told by shape as well as by colour, the same shape wherever it appears. */
import type { ProcessState } from '../trace/frame.ts';
import type { Outcome } from '../trace/trace-index.ts';
import { round } from './route.ts';

export type Shape = 'disc' | 'ring' | 'half' | 'diamond' | 'triangle' | 'square' | 'hourglass' | 'cross';

export const OUTCOME_SHAPE: Record<Outcome, Shape> = {
  ok: 'disc',
  redirect: 'diamond',
  'client-error': 'triangle',
  'server-error': 'square',
  failed: 'hourglass',
};

export const LAMP_SHAPE: Record<ProcessState, Shape> = {
  starting: 'half',
  idle: 'ring',
  busy: 'disc',
  stuck: 'hourglass',
  dying: 'triangle',
  dead: 'cross',
  respawning: 'half',
};

const disc = (x: number, y: number, r: number, sweep: 0 | 1): string =>
  `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 ${sweep} ${2 * r} 0a${r} ${r} 0 1 ${sweep} ${-2 * r} 0z`;

const holeOf = (r: number): number => round(r - Math.max(1.6, r * 0.22));

const polygon = (x: number, y: number, r: number, points: readonly number[]): string => {
  let d = '';
  for (let i = 0; i < points.length; i += 2)
    d += `${i ? 'L' : 'M'}${round(x + r * (points[i] as number))} ${round(y + r * (points[i + 1] as number))}`;
  return `${d}z`;
};

/** Path text of a shape around (x, y) that looks about as big as a disc of radius `r`. */
export function shapePath(shape: Shape, x: number, y: number, r: number): string {
  switch (shape) {
    case 'disc':
      return disc(x, y, r, 1);
    case 'ring':
      // The hole runs the other way round, so it stays a hole with either fill rule.
      return disc(x, y, r, 1) + disc(x, y, holeOf(r), 0);
    case 'half': {
      const hole = holeOf(r);
      return `${disc(x, y, r, 1)}${disc(x, y, hole, 0)}M${x} ${round(y - hole)}v${2 * hole}a${hole} ${hole} 0 0 1 0 ${-2 * hole}z`;
    }
    case 'diamond':
      return polygon(x, y, r * 1.2, [0, -1, 1, 0, 0, 1, -1, 0]);
    case 'triangle':
      return polygon(x, y, r * 1.3, [0, -0.95, 1, 0.75, -1, 0.75]);
    case 'square':
      return polygon(x, y, r * 0.92, [-1, -1, 1, -1, 1, 1, -1, 1]);
    case 'hourglass':
      return polygon(x, y, r * 1.05, [-0.85, -1, 0.85, -1, 0.2, 0, 0.85, 1, -0.85, 1, -0.2, 0]);
    case 'cross':
      return polygon(
        x,
        y,
        r,
        [-1, -0.62, -0.62, -1, 0, -0.38, 0.62, -1, 1, -0.62, 0.38, 0, 1, 0.62, 0.62, 1, 0, 0.38, -0.62, 1, -1, 0.62, -0.38, 0],
      );
  }
}

/** The ring around what travels in TLS. */
export function sealPath(x: number, y: number, r: number): string {
  return disc(x, y, r + 3.5, 1) + disc(x, y, r + 2, 0);
}

/** A padlock whose middle is (x, y), and what is drawn beneath it so that it stands clear of the wall. */
export function padlock([x, y]: readonly [number, number]): { lock: string; halo: string } {
  const at = (dx: number, dy: number): string => `${round(x + dx)} ${round(y + dy)}`;
  return {
    lock: `M${at(-6, -1)}h12v8h-12zM${at(-4, -1)}v-3a4 4 0 0 1 8 0v3h-1.8v-3a2.2 2.2 0 0 0 -4.4 0v3z`,
    halo: `M${at(-8, -10)}h16v19h-16z`,
  };
}
