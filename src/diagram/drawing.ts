/** The map of a frame as one piece of SVG, without what only a page that moves needs; and the same in words. For files and for paper. */
import type { Frame } from '../trace/frame.ts';
import type { TraceLog } from '../trace/log.ts';
import { bandsOf } from './bands.ts';
import { dotsOf, dotsSvg } from './dots.ts';
import type { Layout, Version } from './layout.ts';
import { layoutFor } from './layout.ts';
import { endsTls } from './seal.ts';
import { edgesSvg, nodesSvg } from './svg.ts';
import { roomsFor, valuesOf } from './values.ts';
import type { Names } from './words.ts';

export interface DrawingOptions {
  /** Of the box it shall fill. */
  readonly width: number;
  readonly height: number;
  /** Key of the request in the accent. */
  readonly followed: string | null;
  readonly names: Names;
  readonly version: Version;
  /** The log of the frame. */
  readonly log: TraceLog;
}

export interface Drawing {
  readonly layout: Layout;
  /** Groups, to stand in an `<svg>` with a `.map` around them. */
  readonly inner: string;
  /** What the parts are called for those who cannot see them, one after the other. */
  readonly words: string;
}

export function drawingOf(frame: Frame, { width, height, followed, names, version, log }: DrawingOptions): Drawing {
  const layout = layoutFor(width, height, roomsFor(frame), version);
  const bands = bandsOf(frame, log);
  const values = valuesOf(frame, layout, followed, names, bands, endsTls(frame, log));
  const dots = dotsOf(frame, layout, followed, false, new Set(bands.map((band) => band.edge)));
  const inner = [edgesSvg(layout, values, []), `<g class="dots">${dotsSvg(dots)}</g>`, nodesSvg(layout, values, names)]
    // a group instead of a drawing in a drawing, and nothing that only a page needs
    .map((part) => part.replace(/<svg [^>]*>/, '<g>').replace('</svg>', '</g>'))
    .map((part) => part.replace(/ (?:data-v|data-node|role|tabindex|aria-hidden|aria-label)="[^"]*"/g, ''))
    .join('\n');
  return { layout, inner, words: describe(values, frame) };
}

function describe(values: Record<string, string>, frame: Frame): string {
  const parts = ['visitor', 'gate', 'shelf', 'queue', 'master', ...frame.workers.map((worker) => `w${worker.worker}`)];
  return parts
    .map((part) => (values[`${part}.name`] ?? '').replace(/\.$/, ''))
    .filter(Boolean)
    .join('. ')
    .concat('.');
}
