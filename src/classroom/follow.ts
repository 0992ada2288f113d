/**
 * A lesson's page that follows the class: goes to the step, moves the recording, changes the lesson, and says about itself whether it follows
 * and which checks are passed. The learner may leave and catch up at any time. It works without a secure context: a class is on plain http.
 */

import type { Way } from '../components/figure/steering.ts';
import { addStyle } from '../components/figure/style.ts';
import { progress } from '../progress/index.ts';
import { siteBase } from '../site.ts';
import css from './follow.css?inline';
import { BEGIN, type Following, lineOf, moveTo } from './following.ts';
import { type Report, readTold, type Told } from './place.ts';
import { openStream } from './stream.ts';

/** Whether this tab has left the class, from page to page. */
const LEFT = 'ftr:room-left';
/** A report follows a change after so long (ms). */
const REPORT_MS = 300;

/** `lesson`: the one of this page, or ''. `forget` is called when the learner wants no class any more. */
export function follow(room: string, lesson: string, forget: () => void): void {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const me = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte % 36).toString(36)).join('');
  const steps = document.querySelectorAll('.step').length;
  const { bar, line, button, close } = makeBar();
  let state: Following = { ...BEGIN, left: recall() };
  let before: Told | null = null;
  /** When the class was where it was told last (ms, performance.now()). */
  let since = 0;
  let reported = '';
  let timer = 0;

  function set(change: Partial<Following>): void {
    state = { ...state, ...change };
    const text = lineOf(state, lesson, steps);
    if (line.textContent !== text) line.textContent = text;
    bar.dataset['state'] = state.connection === 'open' ? (state.left ? 'left' : 'with') : state.connection;
    button.textContent = state.left ? 'Catch up' : 'Leave';
    button.hidden = state.connection === 'refused';
    go();
    later();
  }

  function go(): void {
    const move = moveTo(state, lesson, before);
    if (!move) return;
    if (move.to === 'lesson') {
      location.href = `${siteBase()}lessons/${move.lesson}/?room=${room}`;
      return;
    }
    const { place } = state;
    if (place === before) return;
    before = place;
    if (move.scroll) scrollTo(move.step);
    if (place?.moment) window.dispatchEvent(new CustomEvent('ftr:move', { detail: { ...place.moment, at: since } satisfies Way }));
  }

  function scrollTo(step: number): void {
    const target = document.getElementById(`step-${step}`) ?? document.getElementById(step === 0 ? 'main' : `card-${lesson}`);
    target?.scrollIntoView({ behavior: calm.matches ? 'instant' : 'smooth', block: 'start' });
    for (const one of document.querySelectorAll('.with-class')) one.classList.remove('with-class');
    target?.classList.add('with-class');
  }

  /** Tells the relay about this page, a moment later, when something has changed. */
  function later(): void {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      if (state.connection !== 'open' || !lesson) return;
      const report: Report = { me, following: !state.left, lesson, passed: progress.lesson(lesson).checks };
      const body = JSON.stringify(report);
      if (body === reported) return;
      const answer = await fetch(`/room/${room}/me`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).catch(
        () => null,
      );
      // what did not arrive is said with the next change, or when the relay is back
      if (answer?.ok) reported = body;
    }, REPORT_MS);
  }

  button.addEventListener('click', () => {
    const left = !state.left;
    keep(left);
    // to where the class is, also when it has not moved meanwhile
    if (!left) before = null;
    set({ left });
  });
  close.addEventListener('click', () => {
    end();
    bar.remove();
    forget();
  });
  progress.subscribe(later);
  document.body.append(bar);
  const end = openStream(`/room/${room}/events?me=${me}`, {
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

function makeBar() {
  addStyle(css);
  const bar = document.createElement('section');
  bar.className = 'class-bar';
  bar.setAttribute('aria-label', 'Class');
  const line = document.createElement('p');
  line.setAttribute('role', 'status');
  const button = document.createElement('button');
  const close = document.createElement('button');
  for (const one of [button, close]) one.type = 'button';
  button.className = 'button';
  close.className = 'close';
  close.setAttribute('aria-label', 'End following the class');
  close.title = 'End following the class';
  close.textContent = '×';
  bar.append(line, button, close);
  return { bar, line, button, close };
}

function recall(): boolean {
  try {
    return sessionStorage.getItem(LEFT) !== null;
  } catch {
    return false;
  }
}

function keep(left: boolean): void {
  try {
    if (left) sessionStorage.setItem(LEFT, '1');
    else sessionStorage.removeItem(LEFT);
  } catch {
    // it holds for this page
  }
}
