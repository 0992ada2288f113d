/**
 * The stage: shows one slide of a lesson beside its recording or its live server, as keys, buttons and the speaker's window want it.
 * It alone knows what is shown (show.ts) and tells the others after every change.
 */
import type { Count } from '../classroom/place.ts';
import { type Class, Teaching, watchClass } from '../classroom/teach.ts';
import type { Figure } from '../components/figure/figure.ts';
import { mountFigure } from '../components/figure/figure.ts';
import type { Moment, Way } from '../components/figure/steering.ts';
import { hear } from './hear.ts';
import type { StageWish } from './keys.ts';
import { lettersOn } from './letters.ts';
import { openLink } from './link.ts';
import { Laser, Marker } from './over.ts';
import { Pages } from './pages.ts';
import { moved, readWish, type Show, VIEWS, type Wish } from './show.ts';
import { Slides, slideIn } from './slides.ts';
import { type Deck, StageView } from './view.ts';
import { openSpeaker, showCode, showHelp } from './windows.ts';

/** The others are told of a change after so long (ms), together with what else has changed. */
const TELL_MS = 60;
/** What a button of the text wants of the server, see Do.astro. */
const WISHES = ['ftr:send', 'ftr:run', 'ftr:open', 'ftr:restart', 'ftr:checks'];

const NOTHING: Omit<Show, 'lesson'> = {
  rev: 0,
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

export class Stage {
  readonly #deck: Deck;
  readonly #view: StageView;
  readonly #slides: Slides;
  readonly #area: HTMLElement;
  readonly #pages: Pages;
  readonly #figure: Figure;
  readonly #laser = new Laser();
  readonly #marker = new Marker();
  readonly #link;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #show: Show;
  #letters = lettersOn();
  #telling = 0;
  /** The page of the text that a scenario has taken the place of: the text comes back to it before anything moves. */
  #textAt: number | null = null;
  /** Students' address, once the relay has said it. */
  #students = '';
  #class: Class | null = null;
  #teaching: Teaching | null = null;

  constructor(root: HTMLElement) {
    this.#deck = JSON.parse(root.dataset['deck'] ?? '') as Deck;
    this.#view = new StageView(root, this.#deck);
    this.#slides = new Slides(this.#view.part('.deck'));
    this.#area = this.#view.part('.slide');
    this.#pages = new Pages(this.#area, (page) => this.#set({ page }));
    const picture = this.#view.part('.recorded > .figure');
    this.#figure = mountFigure(picture);
    this.#figure.show({ src: picture.dataset['src'] ?? '', start: this.#deck.start });
    this.#show = { ...NOTHING, lesson: this.#deck.lesson };
    this.#link = openLink(this.#deck.lesson, (message) => {
      if (message.kind === 'hello') this.#tell();
      const wish = message.kind === 'wish' ? readWish(message.wish) : null;
      if (wish) this.#do(wish);
    });
    // before anything reads the address: it takes the key out
    watchClass((mine) => this.#join(mine));
    this.#listen();
    this.#goTo(slideIn(location.hash, this.#slides.count) ?? 0, 0, false);
    this.#view.focus();
    this.#tell();
  }

  /** What each wish does; those of the tools, too. */
  readonly #todo: { readonly [W in Wish | StageWish as W['do']]: (wish: W) => void } = {
    next: () => this.#step(1),
    back: () => this.#step(-1),
    first: () => this.#goTo(0, 0, false),
    last: () => this.#goTo(this.#slides.count - 1, 0, false),
    slide: ({ to }) => this.#goTo(Math.min(to, this.#slides.count - 1), 0, false),
    blank: () => this.#set({ blank: !this.#show.blank }),
    view: () => this.#see(VIEWS[(VIEWS.indexOf(this.#show.view) + 1) % VIEWS.length] ?? 'both'),
    live: () => this.#turn(),
    play: () => this.#move({ playing: !this.#show.moment?.playing }),
    scenario: ({ n }) => this.#play(n),
    fullscreen: () =>
      void this.#attempt(() => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())),
    laser: () => this.#point(!this.#laser.on),
    marker: () => {
      this.#marker.on = !this.#marker.on;
      this.#view.press('[data-act="marker"]', this.#marker.on);
    },
    clear: () => this.#marker.clear(),
    code: () =>
      void this.#attempt(() => showCode(this.#audience(), this.#students ? 'To follow in your browser:' : 'This lesson, for everybody:')),
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
  }

  #step(by: 1 | -1): void {
    if (this.#textAt !== null && this.#show.view === 'picture') {
      this.#set({ view: 'both' });
      this.#goTo(this.#show.slide, this.#textAt, false);
      this.#textAt = null;
      return;
    }
    const to = moved(this.#show, by, this.#slides.count);
    if (to) this.#goTo(to.slide, to.page, to.slide === this.#show.slide);
    else this.#view.say(by === 1 ? 'This is the last slide.' : 'This is the first slide.');
  }

  #point(on: boolean): void {
    this.#laser.on = on;
    this.#view.press('[data-act="laser"]', on);
  }

  /** The address for the audience; it is known only now, where the page is. */
  #audience(): string {
    if (this.#students) return this.#students;
    const { slide } = this.#show;
    const step = slide > 0 && slide < this.#slides.count - 1 ? `#step-${slide}` : '';
    return new URL(`${this.#deck.address}${step}`, location.href).href;
  }

  #goTo(slide: number, page: number, smooth: boolean): void {
    if (slide !== this.#show.slide) {
      this.#textAt = null;
      this.#slides.show(slide);
      this.#marker.clear();
      history.replaceState(history.state, '', `${location.pathname}${location.search}#${slide}`);
      this.#area.scrollTop = 0;
      this.#set({ slide, page: 0, scenario: null, view: this.#slides.isWide(slide) ? 'text' : 'both' });
      this.#view.say(`${this.#deck.slides[slide] ?? ''}, ${slide + 1} of ${this.#slides.count}`);
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
    if (picture === 'live') this.#move({ playing: false });
    this.#set({ picture, scenario: null });
    this.#see(this.#show.view === 'text' ? 'both' : this.#show.view);
  }

  #move(way: Way): void {
    // the figure itself says when its recording does not come
    this.#figure.remote.go(way).catch(() => {});
  }

  /** From the recording to the live server, which then starts, and back. */
  #turn(): void {
    const live = this.#show.picture === 'recording';
    this.#choose(live ? 'live' : 'recording');
    if (live) window.dispatchEvent(new CustomEvent('ftr:start'));
  }

  /** Plays its part of the recording; or does it, where the live server is on the stage and it can be done. */
  #play(n: number): void {
    const scenario = this.#deck.scenarios[n];
    if (!scenario) {
      this.#view.say(`There is no scenario ${n + 1} in this lesson.`);
      return;
    }
    const live = this.#show.picture === 'live' && scenario.live.length > 0;
    // beside the text the picture's labels are too small for the last row
    if (this.#show.view !== 'picture') this.#textAt = this.#show.page;
    this.#choose(live ? 'live' : 'recording');
    this.#see('picture');
    if (live) for (const { type, detail } of scenario.live) window.dispatchEvent(new CustomEvent(type, { detail }));
    else this.#move({ t: scenario.from, until: scenario.until, playing: true });
    this.#set({ scenario: n });
    this.#view.say(`${live ? 'Live' : 'Recording'}: ${scenario.label}`);
  }

  #listen(): void {
    hear(this.#view, {
      want: (wish) => this.#do(wish),
      laserKey: (down) => this.#point(down && !this.#laser.on),
      letters: () => this.#letters,
    });
    this.#view.part('.recorded').addEventListener('ftr:moved', (event) => {
      if (event instanceof CustomEvent && this.#show.picture === 'recording') this.#set({ moment: event.detail as Moment });
    });
    // a button of the text wants the server: then that is what is to be seen
    for (const type of WISHES) window.addEventListener(type, () => this.#show.picture === 'live' || this.#choose('live'));
    new ResizeObserver(() => this.#goTo(this.#show.slide, this.#show.page, false)).observe(this.#area);
    // a class whose stage is gone does not play on by itself
    window.addEventListener('pagehide', () => this.#teaching?.leave());
    window.addEventListener('hashchange', () => {
      const slide = slideIn(location.hash, this.#slides.count);
      if (slide !== null) this.#goTo(slide, 0, false);
    });
  }

  async #attempt(what: () => Promise<void>): Promise<void> {
    await what().catch((error: unknown) => this.#view.say(`That did not work here: ${error instanceof Error ? error.message : error}`));
  }

  #set(change: Partial<Show>): void {
    if (Object.entries(change).every(([name, value]) => this.#show[name as keyof Show] === value)) return;
    const next = { ...this.#show, ...change, rev: this.#show.rev + 1 };
    this.#show = { ...next, moment: next.picture === 'live' ? null : next.moment };
    this.#view.draw(this.#show);
    this.#telling ||= window.setTimeout(() => this.#tell(), TELL_MS);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = 0;
    this.#link.send({ kind: 'show', show: this.#show });
    const { lesson, slide: step, moment } = this.#show;
    this.#teaching?.tell({ lesson, number: this.#deck.number, step, moment });
  }

  #join(mine: Class): void {
    if (mine.room === this.#class?.room && mine.key === this.#class.key) return;
    this.#teaching?.end();
    this.#class = mine;
    this.#students = '';
    this.#teaching = new Teaching(mine, (count, trouble) => this.#heardOf(count, trouble));
    this.#telling ||= window.setTimeout(() => this.#tell(), TELL_MS);
  }

  #heardOf(count: Count | null, trouble: string): void {
    this.#students = count?.address ?? this.#students;
    const { here, following, passed } = count ?? this.#show.room ?? { here: 0, following: 0, passed: {} };
    const room = { here, following, passed, trouble };
    if (JSON.stringify(room) === JSON.stringify(this.#show.room)) return;
    this.#set({ room });
  }
}
