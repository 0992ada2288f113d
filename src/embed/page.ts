/** Brings an embedded lesson to life: what its address asks for, its steps one at a time, and the connection to the page around it. */
import { isCalm } from '../diagram/calm.ts';
import { progress } from '../progress/index.ts';
import { forwardKeys, tellHeight } from './frame.ts';
import type { Told } from './messages.ts';
import { mountPager } from './pager.ts';
import { panelsOf, readParams, stepProblems } from './params.ts';
import { openPort } from './port.ts';
import { type Keeper, METHODS, type MethodName, Refusal, type Speed, type State, type Theme, VERSION } from './protocol.ts';
import { changes, type Parts, progressIn, standing, stateOf } from './report.ts';
import { askFigure, askOutcome, pictureNow } from './wishes.ts';

/** So much of the picture must be in sight before it plays by itself. */
const IN_SIGHT = 0.6;
const KEPT: Readonly<Record<Keeper, string>> = {
  host: 'Your progress is kept by the page around this.',
  browser: 'Your progress is kept in this browser, for this page’s site.',
  memory: 'This browser keeps nothing in this frame: your progress lasts until you leave the page.',
};

const root = document.documentElement;
const lesson = document.querySelector<HTMLElement>('[data-parts]') ?? document.body;
const parts: Parts = JSON.parse(lesson.dataset['parts'] ?? '');
const { settings, problems } = readParams(location.search);
const panels = panelsOf(settings);
if (settings.start && !parts.starts.includes(settings.start))
  problems.push(
    `start=${settings.start} was ignored. ${parts.starts.length ? `There are ${parts.starts.join(', ')}.` : 'Only the playground begins with something else.'}`,
  );
let known = progress.lesson(parts.slug);
let restored = false;

const keeper = (): Keeper => (restored ? 'host' : progress.kept ? 'browser' : 'memory');
const port = openPort({ carry, onConnect: tellAll });
const tellNow = tellHeight(port);
const send = (told: readonly Told[]): void => {
  for (const { event, detail } of told) port.tell(event, detail);
};

const pager = mountPager(lesson, {
  steps: panels.includes('steps'),
  turn: panels.includes('quiz'),
  first: Number(settings.step) || 1,
  // a step that is asked for in a small frame is the only one
  lone: settings.size === 's' && settings.step !== '',
  onPage(page, before, byLearner) {
    // whoever goes on has read it; a host that turns the pages has not
    if (byLearner && page.index - 1 === before?.index) readStep(before.id);
    pointToSite(page.id);
    port.tell('step', page);
  },
});

problems.push(...stepProblems(settings, pager.now?.index, parts.steps));

function readStep(id: string): void {
  const number = Number(/^step-(\d+)$/.exec(id)?.[1] ?? 0);
  if (number) progress.stepRead(parts.slug, number);
}

function pointToSite(id: string): void {
  const link = document.querySelector<HTMLAnchorElement>('a.whole');
  if (link) link.hash = id === 'turn' ? '' : id;
}

function tellAll(): void {
  const methods = Object.keys(METHODS);
  port.tell('ready', { version: VERSION, lesson: parts.slug, title: parts.title, steps: parts.steps, methods });
  tellNow();
  if (pager.now) port.tell('step', pager.now);
  send(standing(known, parts));
  for (const text of problems) port.tell('error', { code: 'bad-parameter', message: text });
}

function tellKept(): void {
  const place = document.querySelector('footer > .kept');
  // the playground has no progress, and says itself what becomes of the files
  if (place && parts.steps) place.textContent = KEPT[keeper()];
}

progress.subscribe(() => {
  const before = known;
  known = progress.lesson(parts.slug);
  send(changes(before, known, parts));
  tellKept();
});

async function figure(): Promise<Awaited<ReturnType<typeof askFigure>>> {
  if (!panels.includes('figure')) throw new Refusal('no-figure', 'This embed shows no figure. Add figure to its panels.');
  return askFigure();
}

/** What the host owns counts more than what this browser has. */
function restore(state: string): void {
  // known already: the host need not hear of answers that it has brought
  known = progressIn(state, parts);
  restored = true;
  progress.handOver({ [parts.slug]: known });
  if (known.place && !settings.step) pager.go(known.place.step);
  tellKept();
  send(standing(known, parts));
}

async function state(): Promise<State> {
  const speed = Number(settings.speed);
  const shown = panels.includes('figure') ? await pictureNow(lesson, speed) : { t: 0, playing: false, speed };
  return {
    ms: shown.t,
    playing: shown.playing,
    speed: shown.speed as Speed,
    lesson: parts.slug,
    step: pager.now?.index ?? 0,
    theme: root.dataset['theme'] as Theme,
    kept: keeper(),
    state: stateOf(known, parts),
  };
}

async function carry(method: MethodName, [first]: readonly unknown[]): Promise<unknown> {
  switch (method) {
    case 'play':
      return (await figure()).go({ playing: true });
    case 'pause':
      return (await figure()).go({ playing: false });
    case 'seek':
      return (await figure()).go({ t: Number(first) });
    case 'setSpeed':
      return (await figure()).go({ speed: Number(first) });
    case 'gotoStep':
      if (!pager.go(Number(first)))
        throw new Refusal('no-step', `There is no step ${first} here. Shown are the steps 1 to ${parts.steps}, if the panels have steps.`);
      return undefined;
    case 'setTheme':
      root.dataset['theme'] = String(first);
      return undefined;
    case 'getState':
      return state();
    case 'restore':
      return restore(String(first));
    case 'runChecks': {
      if (!parts.checks.length) throw new Refusal('no-checks', 'There is nothing to check here.');
      const { total, missing } = await askOutcome();
      return { passed: total - missing.length, total, missing };
    }
  }
}

for (const text of problems) console.warn(text);
tellKept();
forwardKeys(port);
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  const wish = target.closest<HTMLElement>('.do button, .open-checks button');
  // what a button of the text needs is shown, also where the address did not ask for it
  if (wish && !wish.dataset['send'] && !root.dataset['panels']?.includes('work')) root.dataset['panels'] += ',work';
  const step = wish?.closest('.step');
  if (step) readStep(step.id);
  // what lies outside opens in a tab of its own, not in the course page's frame
  const link = target.closest<HTMLAnchorElement>('a[href]');
  if (link && new URL(link.href).pathname !== location.pathname) link.target = '_blank';
});
// the speed is set once somebody has turned to the picture: until then it need not be fetched
if (settings.speed !== '1')
  document.addEventListener('astro:hydrate', () => void askFigure().then((one) => one.go({ speed: Number(settings.speed) })), {
    capture: true,
    once: true,
  });
if (settings.autoplay === '1' && !isCalm() && panels.includes('figure')) {
  const seen = new IntersectionObserver(
    (entries) => {
      if (!entries.at(-1)?.isIntersecting) return;
      seen.disconnect();
      void askFigure().then((one) => one.go({ playing: true }));
    },
    { threshold: IN_SIGHT },
  );
  const stage = lesson.querySelector('.figure');
  if (stage) seen.observe(stage);
}
