/**
 * The stage: shows one slide of a lesson beside its recording or its live server, as keys, buttons and the speaker's window want it.
 * It alone knows what is shown (show.ts) and tells the others after every change.
 */

import { mountFigure } from '../components/figure/figure.ts';
import type { Figure, Moment } from '../components/figure/remote.ts';
import { type Place, type StageWish, wishOf } from './keys.ts';
import { openLink } from './link.ts';
import { Laser, Marker } from './over.ts';
import { Pages } from './pages.ts';
import type { Scenario } from './scenarios.ts';
import { moved, readWish, type Show, VIEWS, type Wish } from './show.ts';
import { Slides } from './slides.ts';
import { lettersOn, openSpeaker, showCode, showHelp } from './windows.ts';

interface Deck {
  readonly lesson: string;
  /** Address of the lesson's own page, and of the speaker's. */
  readonly address: string;
  readonly speaker: string;
  /** Where the recording begins (trace time, ms). */
  readonly start: number;
  readonly scenarios: readonly Scenario[];
  readonly slides: readonly string[];
}

/** Held longer than this (ms), the laser's key is for as long as it is held. */
const HELD_MS = 350;
/** The others are told of a change after so long (ms), together with what else has changed. */
const TELL_MS = 60;
/** A running server asks for these, see Do.astro. */
const WISHES = ['ftr:send', 'ftr:run', 'ftr:open', 'ftr:restart', 'ftr:checks'];

export function mountStage(root: HTMLElement): void {
  new Stage(root).begin();
}

class Stage {
  readonly #root: HTMLElement;
  readonly #deck: Deck;
  readonly #slides: Slides;
  readonly #pages: Pages;
  readonly #area: HTMLElement;
  readonly #figure: Figure;
  readonly #laser = new Laser();
  readonly #marker = new Marker();
  readonly #blank = document.createElement('button');
  readonly #link;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #show: Show;
  #letters = lettersOn();
  #laserSince = 0;
  #telling = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#deck = JSON.parse(root.dataset['deck'] ?? '');
    this.#slides = new Slides(this.#part('.deck'));
    this.#area = this.#part('.slide');
    this.#pages = new Pages(this.#area);
    this.#figure = mountFigure(this.#part('.recorded > .figure'));
    this.#show = {
      rev: 0,
      lesson: this.#deck.lesson,
      slide: -1,
      page: 0,
      pages: 1,
      blank: false,
      view: 'text',
      picture: 'recording',
      scenario: null,
      moment: null,
      room: null,
    };
    this.#link = openLink(this.#deck.lesson, (message) => {
      if (message.kind === 'hello') this.#tellNow();
      const wish = message.kind === 'wish' ? readWish(message.wish) : null;
      if (wish) this.#do(wish);
    });
  }

  begin(): void {
    this.#figure.show({ src: this.#part('.recorded > .figure').dataset['src'] ?? '', start: this.#deck.start });
    this.#blank.type = 'button';
    this.#blank.className = 'show-blank';
    this.#blank.textContent = 'The screen is blank. Press to go on.';
    this.#blank.hidden = true;
    this.#blank.addEventListener('click', () => this.#do({ do: 'blank' }));
    this.#root.append(this.#blank);
    this.#listen();
    this.#goTo(slideIn(location.hash, this.#slides.count), 0, false);
    this.#root.focus({ preventScroll: true });
    this.#tellNow();
  }

  // ---- what is wanted ----

  /** What each wish does; of the tools, too. */
  readonly #todo: { readonly [W in Wish | StageWish as W['do']]: (wish: W) => void } = {
    next: () => this.#step(1),
    back: () => this.#step(-1),
    first: () => this.#goTo(0, 0, false),
    last: () => this.#goTo(this.#slides.count - 1, 0, false),
    slide: ({ to }) => this.#goTo(Math.min(to, this.#slides.count - 1), 0, false),
    blank: () => this.#set({ blank: !this.#show.blank }),
    view: () => this.#see(VIEWS[(VIEWS.indexOf(this.#show.view) + 1) % VIEWS.length] ?? 'both'),
    live: () => this.#choose(this.#show.picture === 'live' ? 'recording' : 'live'),
    play: () => this.#figure.go({ playing: !this.#show.moment?.playing }),
    scenario: ({ n }) => this.#play(n),
    fullscreen: () => void this.#toggleFullscreen(),
    laser: () => {
      this.#laser.on = !this.#laser.on;
    },
    marker: () => {
      this.#marker.on = !this.#marker.on;
    },
    clear: () => this.#marker.clear(),
    code: () => void this.#attempt(() => showCode(this.#audience(), 'This lesson, for everybody:')),
    speaker: () => {
      const opened = openSpeaker(new URL(this.#deck.speaker, location.href).href);
      if (opened) this.#link.join(opened);
    },
    help: () => {
      const names = this.#deck.scenarios.map(({ label }) => label);
      showHelp(this.#letters, names, (on) => {
        this.#letters = on;
      });
    },
  };

  #do(wish: Wish | StageWish): void {
    // a dark screen comes back before anything moves on it
    const wakes = this.#show.blank && (wish.do === 'next' || wish.do === 'back');
    if (this.#show.blank && wish.do !== 'blank' && wish.do !== 'speaker') this.#set({ blank: false });
    if (!wakes) (this.#todo[wish.do] as (wish: Wish | StageWish) => void)(wish);
    this.#drawTools();
  }

  #step(by: 1 | -1): void {
    const to = moved(this.#show, by, this.#slides.count);
    if (to) this.#goTo(to.slide, to.page, to.slide === this.#show.slide);
    else this.#say(by === 1 ? 'This is the last slide.' : 'This is the first slide.');
  }

  /** The address for the audience; it is known only now, where the page is. */
  #audience(): string {
    const { slide } = this.#show;
    return new URL(`${this.#deck.address}${slide > 0 && slide < this.#slides.count - 1 ? `#step-${slide}` : ''}`, location.href).href;
  }

  #goTo(slide: number, page: number, smooth: boolean): void {
    const isNew = slide !== this.#show.slide;
    if (isNew) {
      this.#slides.show(slide);
      this.#marker.clear();
      history.replaceState(history.state, '', `${location.pathname}${location.search}#${slide}`);
      this.#area.scrollTop = 0;
      this.#set({ slide, page: 0, scenario: null, view: this.#slides.isWide(slide) ? 'text' : 'both' });
      this.#say(`${this.#deck.slides[slide] ?? ''}, ${slide + 1} of ${this.#slides.count}`);
    }
    this.#pages.measure();
    this.#pages.go(page, smooth && !this.#calm.matches);
    this.#set({ page: Math.min(page, this.#pages.count - 1), pages: this.#pages.count });
  }

  #see(view: Show['view']): void {
    this.#set({ view });
    this.#goTo(this.#show.slide, this.#show.page, false);
  }

  #choose(picture: Show['picture']): void {
    if (picture === 'live') this.#figure.go({ playing: false });
    this.#set({ picture, scenario: null, ...(this.#show.view === 'text' ? { view: 'both' } : {}) });
    this.#goTo(this.#show.slide, this.#show.page, false);
  }

  /** Plays its part of the recording; or does it, where the live server is on the stage and it can be done. */
  #play(n: number): void {
    const scenario = this.#deck.scenarios[n];
    if (!scenario) {
      this.#say(`There is no scenario ${n + 1} in this lesson.`);
      return;
    }
    const live = this.#show.picture === 'live' && scenario.live.length > 0;
    if (!live) {
      this.#choose('recording');
      this.#figure.go({ t: scenario.from, until: scenario.until, playing: true });
    } else for (const { type, detail } of scenario.live) window.dispatchEvent(new CustomEvent(type, { detail }));
    this.#set({ scenario: n, view: this.#show.view === 'text' ? 'both' : this.#show.view });
    this.#say(`${live ? 'Live' : 'Recording'}: ${scenario.label}`);
  }

  // ---- what is heard ----

  #listen(): void {
    // before anything on the stage takes the key for itself: a clicker has to work wherever the focus is
    document.addEventListener('keydown', (event) => this.#key(event), { capture: true });
    document.addEventListener('keyup', ({ key }) => {
      if (key.toLowerCase() !== 'l' || !this.#laserSince) return;
      if (performance.now() - this.#laserSince > HELD_MS) this.#laser.on = false;
      this.#laserSince = 0;
      this.#drawTools();
    });
    this.#root.addEventListener('click', (event) => this.#click(event));
    this.#part<HTMLSelectElement>('.where').addEventListener('change', ({ target }) => {
      if (target instanceof HTMLSelectElement) this.#do({ do: 'slide', to: Number(target.value) });
      this.#root.focus({ preventScroll: true });
    });
    this.#part('.recorded').addEventListener('ftr:moved', (event) => {
      if (event instanceof CustomEvent && this.#show.picture === 'recording') this.#set({ moment: event.detail as Moment });
    });
    // a button of the text wants the server: then that is what is to be seen
    for (const type of WISHES) window.addEventListener(type, () => this.#show.picture === 'live' || this.#choose('live'));
    this.#area.addEventListener('scroll', () => this.#set({ page: this.#pages.at }), { passive: true });
    new ResizeObserver(() => this.#goTo(this.#show.slide, this.#show.page, false)).observe(this.#area);
    document.addEventListener('fullscreenchange', () => this.#drawTools());
    window.addEventListener('hashchange', () => this.#goTo(slideIn(location.hash, this.#slides.count), 0, false));
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector('dialog:modal')) return;
    const wish = wishOf(event, placeOf(event.target), this.#letters);
    if (!wish) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat && wish.do !== 'next' && wish.do !== 'back') return;
    if (wish.do === 'laser') this.#laserSince = this.#laser.on ? 0 : performance.now();
    this.#do(wish);
  }

  #click(event: MouseEvent): void {
    const { target, detail } = event;
    if (!(target instanceof Element)) return;
    const button = target.closest<HTMLElement>('.stage-bar [data-act], .stage-bar [data-scenario]');
    const { act, scenario } = button?.dataset ?? {};
    if (scenario !== undefined) this.#do({ do: 'scenario', n: Number(scenario) });
    else if (act) this.#do({ do: act } as Wish | StageWish);
    // by mouse, so that the keys are the stage's again; whoever goes by keyboard stays where they are
    const stays = target.closest('.live, select, input:not([type="range"]), a, dialog');
    if (detail > 0 && !stays && !document.querySelector('dialog:modal')) this.#root.focus({ preventScroll: true });
  }

  async #toggleFullscreen(): Promise<void> {
    await this.#attempt(() => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  }

  async #attempt(what: () => Promise<void>): Promise<void> {
    await what().catch((error: unknown) => this.#say(`That did not work here: ${error instanceof Error ? error.message : error}`));
  }

  // ---- what is shown ----

  #set(change: Partial<Show>): void {
    const next = { ...this.#show, ...change };
    const same = Object.entries(change).every(([name, value]) => this.#show[name as keyof Show] === value);
    if (same) return;
    this.#show = { ...next, moment: next.picture === 'live' ? null : next.moment, rev: next.rev + 1 };
    this.#draw();
    this.#telling ||= window.setTimeout(() => this.#tellNow(), TELL_MS);
  }

  #tellNow(): void {
    clearTimeout(this.#telling);
    this.#telling = 0;
    this.#link.send({ kind: 'show', show: this.#show });
  }

  #draw(): void {
    const { slide, page, pages, view, picture, blank, scenario } = this.#show;
    const { slides, scenarios } = this.#deck;
    this.#root.dataset['view'] = view;
    this.#blank.hidden = !blank;
    if (blank) this.#blank.focus();
    else if (document.activeElement === document.body) this.#root.focus({ preventScroll: true });
    this.#part('.recorded').hidden = picture === 'live';
    this.#part('.live').hidden = picture === 'recording';
    const more = this.#part('.more');
    more.hidden = page >= pages - 1;
    more.textContent = `${page + 1} of ${pages} ↓`;
    this.#area.classList.toggle('goes-on', page < pages - 1);
    this.#part<HTMLSelectElement>('.where').selectedIndex = Math.min(slide, slides.length - 1);
    const chosen = this.#part('.chosen');
    chosen.hidden = scenario === null;
    chosen.textContent = scenario === null ? '' : `${scenario + 1}. ${(scenarios[scenario]?.label ?? '').replaceAll('`', '')}`;
    this.#drawTools();
  }

  #drawTools(): void {
    const { picture, scenario } = this.#show;
    const press = (selector: string, on: boolean): void => this.#part(selector).setAttribute('aria-pressed', String(on));
    press('[data-act="laser"]', this.#laser.on);
    press('[data-act="marker"]', this.#marker.on);
    press('[data-act="live"]', picture === 'live');
    this.#part('.which').textContent = picture;
    for (const button of this.#root.querySelectorAll<HTMLElement>('[data-scenario]'))
      button.setAttribute('aria-pressed', String(button.dataset['scenario'] === String(scenario)));
  }

  #say(text: string): void {
    this.#part('#said').textContent = text;
  }

  #part<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.#root.querySelector<E>(selector);
    if (!found) throw new Error(`The stage has no ${selector}`);
    return found;
  }
}

const TYPES =
  'textarea, select, [contenteditable="true"], .xterm, .cm-editor, [role="tablist"], [role="separator"], input:not([type="checkbox"], [type="radio"], [type="range"])';

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) return 'stage';
  if (target.closest(TYPES)) return 'typing';
  if (target.closest('.figure')) return 'picture';
  return target.closest('button, a, summary, input, [role="button"]') && !target.matches('.show-blank') ? 'button' : 'stage';
}

/** `#3` or `#step-3`: the slide. */
const slideIn = (hash: string, count: number): number => Math.max(0, Math.min(count - 1, Number(/\d+$/.exec(hash)?.[0] ?? 0)));
