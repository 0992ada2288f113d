/**
 * A lesson's page that follows the class: goes to the step, moves the recording, changes the lesson, and says about itself whether it follows
 * and which checks are passed. The learner may leave and catch up at any time. It works without a secure context: a class is on plain http.
 */

import type { Way } from '../components/figure/steering.ts';
import { addStyle } from '../components/figure/style.ts';
import { progress } from '../progress/index.ts';
import { siteBase } from '../site.ts';
import { inTab } from '../storage.ts';
import css from './follow.css?inline';
import { type Act, type Arrival, actsOf, BEGIN, beginsLeft, type Following, lineOf, moveTo } from './following.ts';
import { type Report, readTold, type Told } from './place.ts';
import { openStream } from './stream.ts';

/** Whether this tab has left the class, from page to page. */
const LEFT = 'ftr:room-left';
/** The lesson this tab was in with the class, from page to page. */
const WITH = 'ftr:room-lesson';
/** A report follows a change after so long (ms). */
const REPORT_MS = 300;
/** And one that did not arrive is said again. */
const AGAIN_MS = 3000;

/** `lesson`: the one of this page, or ''. `forget` is called when the learner wants no class any more. */
export function follow(room: string, lesson: string, forget: () => void): void {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const me = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte % 36).toString(36)).join('');
  const relay = `${siteBase()}room/${room}`;
  const steps = document.querySelectorAll('.step').length;
  const { bar, line, buttons, close } = makeBar();
  const left = beginsLeft(arrival(), lesson, inTab.recall(WITH), inTab.recall(LEFT) !== null);
  inTab.keep(LEFT, left ? '1' : null);
  let state: Following = { ...BEGIN, left };
  let before: Told | null = null;
  /** When the class was where it was told last (ms, performance.now()). */
  let since = 0;
  let reported = '';
  let timer = 0;
  /** The lesson whose page is on its way. */
  let goingTo = '';

  function set(change: Partial<Following>): void {
    state = { ...state, ...change };
    go();
    const text = lineOf(state, lesson, steps);
    if (line.textContent !== text) line.textContent = text;
    bar.dataset['state'] = state.connection === 'open' ? (state.left ? 'left' : 'with') : state.connection;
    const acts = actsOf(state, lesson);
    for (const [n, button] of buttons.entries()) {
      button.textContent = acts[n] ?? '';
      button.hidden = n >= acts.length;
    }
    later();
  }

  function go(): void {
    const move = moveTo(state, lesson, before);
    if (!move) return;
    inTab.keep(WITH, state.place?.lesson ?? null);
    if (move.to === 'lesson') {
      // what is told once more meanwhile must not begin the way anew
      if (goingTo === move.lesson) return;
      goingTo = move.lesson;
      location.href = `${siteBase()}lessons/${move.lesson}/?room=${room}`;
      return;
    }
    const { place } = state;
    if (place === before) return;
    before = place;
    if (move.scroll) scrollTo(move.step);
    movePicture();
  }

  function movePicture(): void {
    if (before?.moment) window.dispatchEvent(new CustomEvent('ftr:move', { detail: { ...before.moment, at: since } satisfies Way }));
  }

  function scrollTo(step: number): void {
    const target = document.getElementById(`step-${step}`) ?? document.getElementById(step === 0 ? 'main' : `card-${lesson}`);
    watch(target);
    target?.scrollIntoView({ behavior: calm.matches ? 'instant' : 'smooth', block: 'start' });
    for (const one of document.querySelectorAll('.with-class')) one.classList.remove('with-class');
    target?.classList.add('with-class');
  }

  let watching: IntersectionObserver | null = null;

  /** Once it has come into sight it may go out of it again: then the learner has scrolled. */
  function watch(target: HTMLElement | null): void {
    watching?.disconnect();
    state = { ...state, away: false };
    let seen = false;
    watching = new IntersectionObserver((entries) => {
      const inSight = entries.at(-1)?.isIntersecting ?? false;
      seen ||= inSight;
      if (seen && state.away === inSight) set({ away: !inSight });
    });
    if (target) watching.observe(target);
  }

  /** Tells the relay about this page, a moment later, when something has changed. */
  function later(wait = REPORT_MS): void {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      if (state.connection !== 'open' || !lesson) return;
      const report: Report = { me, following: !state.left, lesson, passed: progress.lesson(lesson).checks };
      const body = JSON.stringify(report);
      if (body === reported) return;
      const answer = await fetch(`${relay}/me`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).catch(
        () => null,
      );
      if (answer?.ok) reported = body;
      // it was too much at once, or the relay is away
      else if (!answer || answer.status === 429 || answer.status >= 500) later(AGAIN_MS);
    }, wait);
  }

  function leave(left: boolean): void {
    inTab.keep(LEFT, left ? '1' : null);
    // to where the class is, also when it has not moved meanwhile
    if (!left) before = null;
    // who asks for another lesson has decided about the server, too
    set({ left, busy: state.busy && (left || state.place?.lesson === lesson) });
  }

  const todo: { readonly [A in Act]: () => void } = {
    Leave: () => leave(true),
    Stay: () => leave(true),
    'Catch up': () => leave(false),
    'Back to the class': () => {
      scrollTo(state.place?.step ?? 0);
      set({});
    },
    'Go there': () => set({ busy: false }),
  };
  for (const button of buttons) button.addEventListener('click', () => todo[button.textContent as Act]());
  // in a hidden tab the picture has stood still, and the class has gone on
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && bar.isConnected && !state.left && before?.moment?.playing) movePicture();
  });
  // the workspace says so once its sandbox runs
  window.addEventListener('ftr:log', () => set({ busy: true }));
  close.addEventListener('click', () => {
    end();
    bar.remove();
    forget();
  });
  progress.subscribe(() => later());
  document.body.append(bar);
  const end = openStream(`${relay}/events?me=${me}`, {
    open: () => {
      reported = '';
      set({ connection: 'open' });
    },
    lost: () => set({ connection: 'lost' }),
    refused: (why) => set({ connection: 'refused', why }),
    message: (data) => {
      try {
        const place = readTold(JSON.parse(data));
        since = performance.now() - place.ago;
        set({ place });
      } catch {
        // of another version of this site: the line goes on to say what is known
      }
    },
  });
  set({});
}

function arrival(): Arrival {
  const [how] = performance.getEntriesByType('navigation');
  const room = new URLSearchParams(location.search).has('room');
  return { room, how: how instanceof PerformanceNavigationTiming ? how.type : 'navigate' };
}

function makeBar() {
  addStyle(css);
  const bar = document.createElement('section');
  bar.className = 'class-bar';
  bar.setAttribute('aria-label', 'Class');
  const line = document.createElement('p');
  line.setAttribute('role', 'status');
  const buttons = [document.createElement('button'), document.createElement('button')];
  const close = document.createElement('button');
  for (const one of [...buttons, close]) one.type = 'button';
  for (const one of buttons) one.className = 'button';
  close.className = 'close';
  close.setAttribute('aria-label', 'End following the class');
  close.title = 'End following the class';
  close.textContent = '×';
  bar.append(line, ...buttons, close);
  return { bar, line, buttons, close };
}
