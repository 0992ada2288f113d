/** A lesson for the handout, at build time: which moment of its recording stands beside which step, drawn and in words. */
import { summary } from '../components/figure/summary.ts';
import { recordedLog } from '../components/recording.ts';
import { drawingOf } from '../diagram/drawing.ts';
import type { LessonEntry } from '../lesson/lessons.ts';
import { frameAt } from '../trace/frame.ts';
import { seconds } from '../trace/text.ts';
import { deedsOf, momentsFor } from './moments.ts';

/** Of paper: letters of the map come out as high as those of the text around it. */
const BOX = { width: 700, height: 320 } as const;

export interface PaperFigure {
  readonly svg: string;
  /** Trace time in words. */
  readonly at: string;
  /** What is to be seen, for the caption. */
  readonly sum: string;
  /** The same, part by part. */
  readonly words: string;
}

/** One for each step of the lesson's text. */
export function figuresOf({ slug, entry }: LessonEntry): PaperFigure[] {
  const log = recordedLog(slug);
  return momentsFor(log, deedsOf(entry.body ?? '')).map((t) => {
    const frame = frameAt(log, t);
    const { layout, inner, words } = drawingOf(frame, { ...BOX, followed: null, names: 'python', version: 'real', log });
    const svg = `<svg viewBox="-2 -2 ${layout.width + 4} ${layout.height + 4}" aria-hidden="true"><g class="map" data-version="real">${inner}</g></svg>`;
    return { svg, at: seconds(t), sum: summary(frame, 'python'), words };
  });
}
