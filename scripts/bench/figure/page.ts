/** The page's side of the bench: the real map over logs made by hand, and how long its frames take. */
import { Scene } from '../../../src/diagram/atlas-logs.ts';
import { bandsOf } from '../../../src/diagram/bands.ts';
import { mountDiagram } from '../../../src/diagram/diagram.ts';
import { dotsOf } from '../../../src/diagram/dots.ts';
import { layoutFor } from '../../../src/diagram/layout.ts';
import { frameAt } from '../../../src/trace/frame.ts';
import type { TraceLog } from '../../../src/trace/log.ts';
import { longLog } from './long-log.ts';

export interface Times {
  /** Between animation frames, and of the work in each, in ms. */
  readonly intervals: readonly number[];
  readonly work: readonly number[];
  /** Dots that were drawn in the last frame. */
  readonly dots: number;
}

/** As the figure does it: labels follow at their own pace. */
const LABELS_EVERY = 100;
/** A line with more than 300 becomes a band, and of those who wait only a dozen are dots: so many are on each line, the rest in rooms. */
const SHARE = 290;
const DOTS = 2000;
const URL = 'http://localhost/';

/** 2,000 requests that are all on their way for some seconds, none of the lines so full that it becomes a band. */
function inFlight(): TraceLog {
  const scene = Scene.up(8);
  const end = (i: number): number => 8000 + ((i * 37) % 3000);
  for (let i = 0; i < SHARE; i++) {
    const sent = 100 + i;
    const worker = (i % 8) + 1;
    const taken = { sent, gate: sent + 1, queued: sent + 2, taken: sent + 3 };
    scene.request(URL, { sent, gate: end(i) });
    scene.request(URL, { sent, gate: sent + 1 });
    scene.request(URL, { ...taken, returned: sent + 5, response: end(i) }, { worker });
    scene.request(URL, { ...taken, returned: sent + 5, response: sent + 6, done: end(i) }, { worker, status: i % 9 ? 200 : 500 });
    scene.request(URL, { ...taken, returned: end(i) }, { worker });
  }
  for (let i = 0; i < DOTS - 5 * SHARE; i++)
    scene.request(URL, { sent: 100 + i, gate: 102 + i, queued: 103 + i, taken: 104 + i }, { worker: (i % 8) + 1 });
  return scene.log();
}

/** As many on two lines only: those are bands then. */
function inBands(): TraceLog {
  const scene = Scene.up(4);
  for (let i = 0; i < 1000; i++) {
    scene.request(URL, { sent: 100 + i, gate: 9000 + i });
    const passed = { sent: 100 + i, gate: 101 + i, queued: 102 + i, taken: 103 + i, returned: 104 + i, response: 105 + i };
    scene.request(URL, { ...passed, done: 9000 + i }, { worker: (i % 4) + 1 });
  }
  return scene.log();
}

const stage = (): HTMLElement => document.querySelector('.stage') as HTMLElement;

/** Plays `which` for `ms`, at the pace of the clock. */
async function play(which: 'dots' | 'bands', ms: number): Promise<Times> {
  const log = which === 'dots' ? inFlight() : inBands();
  const diagram = mountDiagram(stage(), { onChoose: () => {}, log: () => log });
  const from = 1200;
  diagram.show(frameAt(log, from), null);
  const intervals: number[] = [];
  const work: number[] = [];
  let before = 0;
  let labelsAt = 0;
  const start = await new Promise<number>(requestAnimationFrame);
  await new Promise<void>((resolve) => {
    const tick = (time: number): void => {
      if (before) intervals.push(time - before);
      before = time;
      const begun = performance.now();
      const frame = frameAt(log, from + time - start);
      if (begun - labelsAt > LABELS_EVERY) {
        labelsAt = begun;
        diagram.show(frame, null);
      } else diagram.move(frame, null);
      work.push(performance.now() - begun);
      if (time - start < ms) requestAnimationFrame(tick);
      else resolve();
    };
    requestAnimationFrame(tick);
  });
  diagram.destroy();
  const last = frameAt(log, from + ms);
  const layout = layoutFor(stage().clientWidth, stage().clientHeight, 8);
  const banded = new Set(bandsOf(last, log).map((band) => band.edge));
  return { intervals, work, dots: dotsOf(last, layout, null, false, banded).length };
}

/** Drags through a long log: each frame somewhere else, drawn whole. */
async function scrub(frames: number): Promise<Times & { readonly events: number }> {
  const log = longLog();
  const diagram = mountDiagram(stage(), { onChoose: () => {}, log: () => log });
  diagram.show(frameAt(log, 0), null);
  const intervals: number[] = [];
  const work: number[] = [];
  let before = await new Promise<number>(requestAnimationFrame);
  for (let i = 0; i < frames; i++) {
    const time = await new Promise<number>(requestAnimationFrame);
    intervals.push(time - before);
    before = time;
    const begun = performance.now();
    diagram.show(frameAt(log, (log.end * ((i * 61) % frames)) / frames), null);
    work.push(performance.now() - begun);
  }
  diagram.destroy();
  return { intervals, work, dots: 0, events: log.events.length };
}

export type FigureBench = { readonly play: typeof play; readonly scrub: typeof scrub };
Object.assign(globalThis, { figureBench: { play, scrub } });
