/** Fills the figure of the learner's own runs (OwnRuns.astro) from the log of the sandbox that runs. */
import type { TraceLog } from '../../trace/log.ts';
import { apart, barsSvg, duration, tickFor } from './bars.ts';
import { KINDS, type Run, Runs } from './runs.ts';

const figure = document.querySelector<HTMLElement>('.runs.own');
/** Of all sandboxes on this page: a new one does not take away what was measured before. */
const shown = new Map<string, Run>();

function follow(log: TraceLog): () => void {
  const runs = new Runs();
  const take = (): void => {
    for (const run of runs.latest()) shown.set(`${run.kind} ${run.workers === 1 ? 'one' : 'more'}`, run);
    show();
  };
  runs.add(log.events);
  take();
  return log.subscribe((added) => {
    if (runs.add(added)) take();
  });
}

function show(): void {
  if (figure && shown.size > 0) {
    // before there is a run there is nothing live to see
    figure.dataset['truth'] = 'live';
    figure.querySelector('.truth')?.removeAttribute('hidden');
    figure.querySelector('.none')?.remove();
  }
  for (const kind of KINDS) {
    const pair = ['one', 'more'].map((column) => ({ column, run: shown.get(`${kind} ${column}`) }));
    const length = Math.max(...pair.map(({ run }) => run?.wall ?? 0));
    for (const { column, run } of pair) if (run) fill(`${kind} ${column}`, run, length);
    const lines = figure?.querySelector(`[data-lines="${kind}"]`);
    if (lines && length > 0) lines.textContent = `(lines: ${apart(tickFor(length))})`;
  }
  const more = shown.get('burn more') ?? shown.get('wait more');
  const head = figure?.querySelector('[data-column="more"]');
  if (more && head) head.textContent = `${more.workers} processes`;
}

/** Both cells of a row have the same length of time, ms. */
function fill(cell: string, run: Run, length: number): void {
  const place = figure?.querySelector(`[data-cell="${cell}"]`);
  if (!place) return;
  const share = run.kind === 'burn' ? 1 : 0;
  const lanes = run.requests.map(({ sent, from, to }) => ({ queued: sent, bars: [{ from, to, share }] }));
  // only numbers come into it
  place.innerHTML = barsSvg(lanes, 0, length, tickFor(length));
  const words = document.createElement('p');
  const wall = document.createElement('strong');
  wall.textContent = duration(run.wall);
  const each = [...run.requests].map(({ from, to }) => to - from).sort((a, b) => a - b)[run.requests.length >> 1] ?? 0;
  words.append('All done after ', wall, `, about ${duration(each)} each in a worker`);
  place.append(words);
}

if (figure) {
  const cores = figure.querySelector('.cores');
  const { hardwareConcurrency: n } = navigator;
  if (cores && n) cores.textContent = `, on a device that reports ${n} ${n === 1 ? 'core' : 'cores'}`;
  let stop = (): void => {};
  window.addEventListener('ftr:log', (event) => {
    stop();
    stop = follow((event as CustomEvent<TraceLog>).detail);
  });
}
