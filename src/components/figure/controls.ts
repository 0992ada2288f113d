/** The figure's controls as elements of the page: what they ask for, and what they show. */

import type { Version } from '../../diagram/layout.ts';
import { shapePath } from '../../diagram/shapes.ts';
import type { Names } from '../../diagram/words.ts';
import type { Marker } from '../../trace/markers.ts';
import type { RequestTrace } from '../../trace/requests.ts';
import { pathOf } from '../../trace/text.ts';
import type { Caption } from './caption.ts';
import type { Gift, Wish } from './keys.ts';
import { wishOf } from './keys.ts';
import { SPEEDS } from './player.ts';
import type { Side } from './side-names.ts';
import { MARK_SHAPE } from './status.ts';

/** What moves is what ran, now or then; or it is made up after a picture of how it might be. */
export type Truth = 'live' | 'recording' | 'model';

interface Shown {
  readonly playing: boolean;
  readonly playable: boolean;
  readonly blank: boolean;
  /** Screen times: the shown one, and the first and the last there is. */
  readonly screen: number;
  readonly first: number;
  readonly end: number;
  readonly speed: number;
  readonly behind: boolean;
  /** Events that a live log no longer has. */
  readonly dropped: number;
}

/** So many of the last requests can be followed. */
const OFFERED = 50;
const GIFTS: ReadonlySet<string> = new Set<Gift>(['save', 'trace', 'svg']);

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function wishOfRadio({ dataset, value }: HTMLInputElement): Wish {
  if (dataset['side']) return { do: 'side', side: value as Side };
  return dataset['tell'] ? { do: 'tell', version: value as Version } : { do: 'view', id: value };
}

type On = <K extends keyof HTMLElementEventMap>(target: HTMLElement, type: K, listener: (event: HTMLElementEventMap[K]) => void) => void;

export class Controls {
  readonly root: HTMLElement;
  readonly stage: HTMLElement;
  readonly other: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #speed: HTMLSelectElement;
  readonly #follow: HTMLSelectElement;
  readonly #menu: HTMLDetailsElement;
  readonly #file: HTMLInputElement;
  readonly #buttons: Readonly<Record<string, HTMLButtonElement>>;
  /** What was last written where, because reading it back would cost a layout. */
  readonly #written = new Map<string, string>();
  readonly #leave = new AbortController();
  #noteAction: (() => void) | null = null;
  #shown: Partial<Shown> = {};
  #spoken = '';
  #failed = false;

  constructor(root: HTMLElement) {
    const part = <E extends HTMLElement>(selector: string): E => {
      const found = root.querySelector<E>(selector);
      if (!found) throw new Error(`The figure has no ${selector}`);
      return found;
    };
    this.root = root;
    this.stage = part('.stage');
    this.other = part('.other');
    this.#slider = part('[type="range"]');
    this.#speed = part('.speed');
    this.#follow = part('.follow');
    this.#menu = part('.menu');
    this.#file = part('[type="file"]');
    this.#buttons = Object.fromEntries(
      [...root.querySelectorAll<HTMLButtonElement>('[data-do]')].map((button) => [button.dataset['do'] ?? '', button]),
    );
  }

  /** Tells `wish` what the visitor wants, by whatever means. */
  bind(wish: (wish: Wish) => void): void {
    const { signal } = this.#leave;
    const on: On = (target, type, listener) => target.addEventListener(type, listener, { signal });
    for (const [name, button] of Object.entries(this.#buttons)) {
      on(button, 'click', () => {
        if (name === 'names') return wish({ do: name, names: button.ariaPressed === 'true' ? 'python' : 'iis' });
        if (name === 'enlarge') return this.#toggleSize();
        if (name === 'dismiss') return this.note('');
        if (name === 'note') return this.#noteAction?.();
        if (this.#menu.contains(button)) this.#closeMenu();
        if (name === 'load') return this.#file.click();
        wish((GIFTS.has(name) ? { do: 'give', what: name } : { do: name }) as Wish);
      });
    }
    on(this.#slider, 'input', () => wish({ do: 'seek', screen: this.#slider.valueAsNumber }));
    on(this.#speed, 'change', () => wish({ do: 'speed', speed: Number(this.#speed.value) }));
    on(this.#follow, 'change', () => wish({ do: 'follow', key: this.#follow.value || null }));
    for (const radio of this.root.querySelectorAll<HTMLInputElement>('[type="radio"]')) {
      const ask = (): void => wish(wishOfRadio(radio));
      on(radio, 'change', ask);
      // chosen before the script had come
      if (radio.checked && !['map', 'real', 'sandbox'].includes(radio.value)) ask();
    }
    this.#bindFiles(on, (file) => wish({ do: 'load', file }));
    on(this.root, 'keydown', (event) => {
      if (event.key === 'Escape' && this.#menu.open) return this.#closeMenu();
      const action = wishOf(event);
      if (!action) return;
      event.preventDefault();
      wish(action);
    });
    const outside = (event: Event): void => {
      if (this.#menu.open && event.target instanceof Node && !this.#menu.contains(event.target)) this.#menu.open = false;
    };
    for (const type of ['pointerdown', 'focusin']) document.addEventListener(type, outside, { signal });
  }

  set(now: Shown): void {
    const last = this.#shown;
    const { play, back, forward, start, live } = this.#buttons;
    if (now.playing !== last.playing) {
      this.root.classList.toggle('playing', now.playing);
      play?.setAttribute('aria-label', now.playing ? 'Pause' : 'Play');
    }
    if (now.playable !== last.playable && play) play.disabled = !now.playable;
    if (now.blank !== last.blank) for (const one of [back, forward, start, this.#slider]) if (one) one.disabled = now.blank;
    const moved = now.first !== last.first || now.end !== last.end;
    if (moved) this.#slider.min = String(now.first);
    if (moved) this.#slider.max = String(now.end);
    if (moved || now.screen !== last.screen) this.#slider.value = String(now.screen);
    if (now.speed !== last.speed) this.#speed.selectedIndex = SPEEDS.indexOf(now.speed as (typeof SPEEDS)[number]);
    if (now.behind !== last.behind && live) live.hidden = !now.behind;
    if (now.dropped !== last.dropped)
      this.#write(
        '.dropped',
        now.dropped ? `${now.dropped.toLocaleString('en')} of the oldest events are gone: a live log keeps the newest.` : '',
      );
    this.#shown = now;
  }

  /** What the words say. */
  say({ time, pace, sentence, at }: Caption): void {
    this.#write('.clock', time);
    this.#write('.pace', pace);
    if (!this.#failed) this.#write('.sentence', sentence);
    this.#spoken = sentence && `${at}: ${sentence}`;
    this.#slider.setAttribute('aria-valuetext', `${time}, ${sentence}`);
  }

  /** Reads aloud a text, or what `say` said last. */
  announce(text = this.#spoken): void {
    this.#write('.status', text);
  }

  /** A failure in place of the sentence, with a way to try again; an empty one takes it back. */
  fail(what: string): void {
    this.#failed = what !== '';
    this.#write('.sentence', what);
    const { retry } = this.#buttons;
    if (retry) retry.hidden = !this.#failed;
  }

  /** Something the visitor has to know, until they close it; an empty one takes it away. */
  note(text: string, label = '', action: (() => void) | null = null): void {
    this.#noteAction = action;
    const note = this.root.querySelector<HTMLElement>('.note');
    if (note) note.hidden = text === '';
    this.#write('.note span', text);
    const button = this.#buttons['note'];
    if (!button) return;
    button.hidden = action === null;
    button.textContent = label;
  }

  /** Does what may need a part that has to be fetched; notes it when that fails. */
  async attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (error) {
      this.note(wordsOf(error));
    }
  }

  /** What is shown: whose truth it is, the name of the file it came from, and where the button leads from there. */
  origin(truth: Truth, file = '', back = ''): void {
    // a view may have a badge of its own
    const badge = this.root.querySelector<HTMLElement>('figcaption .truth');
    if (badge) badge.dataset['truth'] = truth;
    this.#write('figcaption .truth', truth);
    this.#write('.from', file);
    const { return: button, recording } = this.#buttons;
    // where there is one
    if (recording) recording.hidden = truth !== 'live' || !this.root.dataset['src'];
    if (!button) return;
    button.hidden = back === '';
    button.textContent = back;
  }

  /** Which names the parts have. */
  name(names: Names): void {
    this.#buttons['names']?.setAttribute('aria-pressed', String(names === 'iis'));
  }

  /** Which view is shown, after another one could not be. */
  view(id: string): void {
    const radio = this.root.querySelector<HTMLInputElement>(`.views [value="${id}"]`);
    if (radio) radio.checked = true;
  }

  /** The marks along the time, each at a part of its length. */
  mark(marks: readonly { readonly at: number; readonly kind: Marker['kind'] }[]): void {
    const drawn = marks.map(
      ({ at, kind }) =>
        `<svg class="time-mark" data-kind="${kind}" style="left:${(at * 100).toFixed(2)}%" viewBox="-6 -6 12 12"><path d="${shapePath(MARK_SHAPE[kind], 0, 0, 5)}"/></svg>`,
    );
    const html = drawn.join('');
    if (this.#written.get('.marks') === html) return;
    this.#written.set('.marks', html);
    const place = this.root.querySelector('.marks');
    if (place) place.innerHTML = html;
  }

  /** The requests that can be followed, and the one that is. */
  offer(requests: readonly RequestTrace[], followed: string | null): void {
    const last = requests.slice(-OFFERED);
    const key = `${requests.length} ${last.at(-1)?.key}`;
    if (key !== this.#written.get('.follow')) {
      this.#written.set('.follow', key);
      const none = new Option('Follow none', '');
      this.#follow.replaceChildren(none, ...last.map((one) => new Option(`Follow ${one.number} ${pathOf(one.url)}`, one.key)));
    }
    const value = followed ?? '';
    if (this.#follow.value !== value) this.#follow.value = value;
  }

  destroy(): void {
    this.#leave.abort();
  }

  /** A file is chosen, or dropped anywhere on the figure. */
  #bindFiles(on: On, take: (file: File) => void): void {
    on(this.#file, 'change', () => {
      const [file] = this.#file.files ?? [];
      // the same one again is a choice, too
      this.#file.value = '';
      if (file) take(file);
    });
    const over = (event: DragEvent, is: boolean): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      this.root.classList.toggle('dropping', is);
    };
    on(this.root, 'dragover', (event) => over(event, true));
    on(this.root, 'dragleave', (event) => over(event, false));
    on(this.root, 'drop', (event) => {
      over(event, false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file) take(file);
    });
  }

  #closeMenu(): void {
    const inside = this.#menu.contains(document.activeElement);
    this.#menu.open = false;
    if (inside) this.#menu.querySelector('summary')?.focus();
  }

  #toggleSize(): void {
    const large = this.root.classList.toggle('enlarged');
    const { enlarge } = this.#buttons;
    if (!enlarge) return;
    enlarge.textContent = large ? 'Shrink' : 'Enlarge';
    enlarge.setAttribute('aria-label', large ? 'Shrink the picture' : 'Enlarge the picture');
  }

  #write(selector: string, text: string): void {
    if (this.#written.get(selector) === text) return;
    this.#written.set(selector, text);
    const element = this.root.querySelector(selector);
    if (element) element.textContent = text;
  }
}
