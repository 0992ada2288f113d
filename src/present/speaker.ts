/** The speaker's window: draws what the stage says it shows, keeps the clock, and asks the stage for what is pressed here. */
import { inTab } from '../storage.ts';
import { elapsed, minutesSeconds, paceWords, planned, type Timer } from './clock.ts';
import { wishOf } from './keys.ts';
import { lettersOn } from './letters.ts';
import { openLink } from './link.ts';
import { readShow, type Show, type Wish } from './show.ts';
import { Slides } from './slides.ts';

interface Deck {
  readonly lesson: string;
  readonly minutes: number;
  readonly notes: readonly { readonly step: number; readonly minutes: number }[];
  readonly slides: readonly string[];
}

/** The stage is asked so often (ms) whether it is there, and missed after two of them. */
const ASK_MS = 2000;

export function mountSpeaker(root: HTMLElement): void {
  const deck = JSON.parse(root.dataset['deck'] ?? '') as Deck;
  const part = <E extends HTMLElement>(selector: string): E => root.querySelector<E>(selector) as E;
  const slides = new Slides(part('.deck'));
  const kept = `ftr:speaker:${deck.lesson}`;
  let timer: Timer = { since: timeIn(inTab.recall(kept)) };
  let show: Show | null = null;
  let heardAt = 0;

  const link = openLink(deck.lesson, (message) => {
    const told = message.kind === 'show' ? readShow(message.show) : null;
    if (!told) return;
    const before = show;
    heardAt = Date.now();
    show = told;
    // the talk begins when the title is left
    if (before?.slide === 0 && show.slide > 0 && timer.since === null) start(Date.now());
    draw(show, before);
    tick();
  });
  const ask = (wish: Wish): void => link.send({ kind: 'wish', wish });

  function start(since: number | null): void {
    timer = { since };
    inTab.keep(kept, since === null ? null : String(since));
    tick();
  }

  function say(name: string, text: string): void {
    const place = part(`[data-say="${name}"]`);
    if (place.textContent !== text) place.textContent = text;
  }

  function tick(): void {
    const now = Date.now();
    const gone = elapsed(timer, now);
    const left = deck.minutes * 60_000 - gone;
    say('now', new Date(now).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    say('elapsed', minutesSeconds(gone));
    say('left', minutesSeconds(left));
    part('[data-say="left"]').classList.toggle('over', left < 0);
    const { slide } = show ?? { slide: 0 };
    say('pace', timer.since === null ? '' : paceWords(gone, planned(deck.notes, slide), planned(deck.notes, slide + 1)));
    part('[data-timer="start"]').hidden = timer.since !== null;
    part('.lost').hidden = now - heardAt < 2 * ASK_MS + 500;
  }

  function draw(now: Show, before: Show | null): void {
    if (now.slide !== before?.slide) {
      part('.now .text').replaceChildren(...slides.of(now.slide));
      part('.then .text').replaceChildren(...slides.of(now.slide + 1));
      for (const one of [...slides.of(now.slide), ...slides.of(now.slide + 1)]) one.hidden = false;
      const notes = [...root.querySelectorAll<HTMLElement>('[data-note]')];
      const own = notes.filter(({ dataset }) => dataset['note'] === String(now.slide));
      for (const note of notes) note.hidden = own.length ? !own.includes(note) : note.dataset['note'] !== 'none';
      for (const button of root.querySelectorAll('[data-slide]')) button.removeAttribute('aria-current');
      part(`[data-slide="${now.slide}"]`)?.setAttribute('aria-current', 'step');
    }
    say('seen', seenBy(now, deck.slides));
    part('[data-wish="blank"]').setAttribute('aria-pressed', String(now.blank));
    for (const button of root.querySelectorAll<HTMLElement>('[data-scenario]'))
      button.setAttribute('aria-pressed', String(button.dataset['scenario'] === String(now.scenario)));
    drawClass(now);
  }

  function drawClass({ room }: Show): void {
    say('class', room ? room.trouble || `${room.following} of ${room.here} follow` : '');
    for (const row of root.querySelectorAll<HTMLElement>('[data-check]')) {
      row.hidden = room === null;
      const count = row.querySelector('b');
      if (count) count.textContent = String(room?.passed[row.dataset['check'] ?? ''] ?? 0);
    }
  }

  root.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('button') : null;
    const { wish, slide, scenario, timer: clock } = button?.dataset ?? {};
    if (wish) ask({ do: wish } as Wish);
    else if (slide !== undefined) ask({ do: 'slide', to: Number(slide) });
    else if (scenario !== undefined) ask({ do: 'scenario', n: Number(scenario) });
    else if (clock) start(clock === 'start' ? Date.now() : null);
  });
  document.addEventListener('keydown', (event) => {
    const inButton = event.target instanceof Element && event.target.closest('button, a') !== null;
    const wish = wishOf(event, inButton ? 'button' : 'stage', lettersOn());
    // the tools of the stage are for the stage's own pointer
    if (!wish || !isShared(wish)) return;
    event.preventDefault();
    ask(wish);
  });
  link.send({ kind: 'hello' });
  setInterval(() => link.send({ kind: 'hello' }), ASK_MS);
  setInterval(tick, 500);
  tick();
}

const OWN: readonly string[] = ['fullscreen', 'laser', 'marker', 'clear', 'speaker', 'code', 'help'];
const isShared = (wish: { readonly do: string }): wish is Wish => !OWN.includes(wish.do);

/** What is on the screen now, in a sentence. */
function seenBy({ slide, page, pages, blank, view, picture, scenario, moment }: Show, slides: readonly string[]): string {
  if (blank) return 'Nothing: the screen is blank.';
  const where = `${slides[slide] ?? ''}${pages > 1 ? `, page ${page + 1} of ${pages}` : ''}`;
  if (view === 'text') return `${where}. Text only.`;
  const does = moment?.playing ? 'playing' : 'paused';
  const what =
    picture === 'live' ? 'the live server' : `the recording, ${does}${moment && moment.speed !== 1 ? `, at ${moment.speed}×` : ''}`;
  return `${where}. ${view === 'picture' ? 'Picture only' : 'Text and picture'}: ${what}${scenario === null ? '' : `, scenario ${scenario + 1}`}.`;
}

function timeIn(text: string | null): number | null {
  const since = Number(text);
  return Number.isFinite(since) && since > 0 ? since : null;
}
