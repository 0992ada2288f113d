/** The figure's controls as elements of the page: what they ask for, and what they show. */
import type { Names } from '../../diagram/words.ts';
import type { RequestTrace } from '../../trace/requests.ts';
import { pathOf } from '../../trace/text.ts';
import { SPEEDS } from './player.ts';

export type Wish =
  | { readonly do: 'play' | 'back' | 'forward' | 'start' | 'live' | 'retry' | 'redraw' }
  | { readonly do: 'names'; readonly names: Names }
  | { readonly do: 'seek'; readonly screen: number }
  | { readonly do: 'move'; readonly by: number }
  | { readonly do: 'speed'; readonly speed: number }
  | { readonly do: 'faster'; readonly by: 1 | -1 }
  | { readonly do: 'follow'; readonly key: string | null };

export interface Shown {
  readonly playing: boolean;
  readonly playable: boolean;
  readonly blank: boolean;
  readonly screen: number;
  readonly end: number;
  readonly speed: number;
  readonly behind: boolean;
}

const KEYS: Readonly<Record<string, Wish>> = {
  ' ': { do: 'play' },
  k: { do: 'play' },
  ',': { do: 'back' },
  '.': { do: 'forward' },
  '<': { do: 'faster', by: -1 },
  '>': { do: 'faster', by: 1 },
  ArrowLeft: { do: 'move', by: -1000 },
  ArrowRight: { do: 'move', by: 1000 },
  Home: { do: 'seek', screen: 0 },
  End: { do: 'seek', screen: Number.POSITIVE_INFINITY },
};
/** So many of the last requests can be followed. */
const OFFERED = 50;

export class Controls {
  readonly stage: HTMLElement;
  readonly #root: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #speed: HTMLSelectElement;
  readonly #follow: HTMLSelectElement;
  readonly #account: HTMLElement;
  readonly #buttons: Readonly<Record<string, HTMLButtonElement>>;
  /** What was last written where, because reading it back would cost a layout. */
  readonly #written = new Map<Element, string>();
  #offered = '';
  #shown: Partial<Shown> = {};
  #spoken = '';
  #failed = false;

  constructor(root: HTMLElement) {
    const part = <E extends HTMLElement>(selector: string): E => {
      const found = root.querySelector<E>(selector);
      if (!found) throw new Error(`The figure has no ${selector}`);
      return found;
    };
    this.#root = root;
    this.stage = part('.stage');
    this.#slider = part('input');
    this.#speed = part('.speed');
    this.#follow = part('.follow');
    this.#account = part('.account');
    this.#buttons = Object.fromEntries(
      [...root.querySelectorAll<HTMLButtonElement>('[data-do]')].map((button) => [button.dataset['do'] ?? '', button]),
    );
  }

  /** Is the account shown in place of the map? */
  get asText(): boolean {
    return !this.#account.hidden;
  }

  /** Tells `wish` what the visitor wants, by whatever means. */
  bind(wish: (wish: Wish) => void): void {
    for (const [name, button] of Object.entries(this.#buttons)) {
      button.addEventListener('click', () => {
        if (name === 'names') return wish({ do: name, names: button.ariaPressed === 'true' ? 'python' : 'iis' });
        if (name === 'view') this.#toggleView();
        else if (name === 'enlarge') return this.#toggleSize();
        wish({ do: name === 'view' ? 'redraw' : name } as Wish);
      });
    }
    this.#slider.addEventListener('input', () => wish({ do: 'seek', screen: this.#slider.valueAsNumber }));
    this.#speed.addEventListener('change', () => wish({ do: 'speed', speed: Number(this.#speed.value) }));
    this.#follow.addEventListener('change', () => wish({ do: 'follow', key: this.#follow.value || null }));
    this.stage.addEventListener('keydown', (event) => {
      const action = KEYS[event.key];
      if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      wish(action);
    });
  }

  set(now: Shown): void {
    const last = this.#shown;
    const { play, back, forward, start, live } = this.#buttons;
    if (now.playing !== last.playing) {
      this.#root.classList.toggle('playing', now.playing);
      play?.setAttribute('aria-label', now.playing ? 'Pause' : 'Play');
    }
    if (now.playable !== last.playable && play) play.disabled = !now.playable;
    if (now.blank !== last.blank) for (const one of [back, forward, start, this.#slider]) if (one) one.disabled = now.blank;
    if (now.end !== last.end) this.#slider.max = String(now.end);
    if (now.screen !== last.screen || now.end !== last.end) this.#slider.value = String(now.screen);
    if (now.speed !== last.speed) this.#speed.selectedIndex = SPEEDS.indexOf(now.speed as (typeof SPEEDS)[number]);
    if (now.behind !== last.behind && live) live.hidden = !now.behind;
    this.#shown = now;
  }

  /** What the words say. */
  say(time: string, pace: string, sentence: string): void {
    this.#write('.clock', time);
    this.#write('.pace', pace);
    if (!this.#failed) this.#write('.sentence', sentence);
    this.#spoken = sentence && `${time}: ${sentence}`;
    this.#slider.setAttribute('aria-valuetext', `${time}, ${sentence}`);
  }

  /** Has read aloud what `say` said last. */
  announce(): void {
    this.#write('.status', this.#spoken);
  }

  /** A failure in place of the sentence, with a way to try again; an empty one takes it back. */
  fail(what: string): void {
    this.#failed = what !== '';
    this.#write('.sentence', what);
    const { retry } = this.#buttons;
    if (retry) retry.hidden = !this.#failed;
  }

  label(truth: 'live' | 'recording'): void {
    const badge = this.#root.querySelector<HTMLElement>('.truth');
    if (!badge) return;
    badge.dataset['truth'] = truth;
    badge.textContent = truth;
  }

  /** Which names the parts have. */
  name(names: Names): void {
    this.#buttons['names']?.setAttribute('aria-pressed', String(names === 'iis'));
    // the account has to be written anew, though it be the same lines
    this.#written.delete(this.#account);
  }

  /** The requests that can be followed, and the one that is. */
  offer(requests: readonly RequestTrace[], followed: string | null): void {
    const last = requests.slice(-OFFERED);
    const key = `${requests.length} ${last.at(-1)?.key}`;
    if (key !== this.#offered) {
      this.#offered = key;
      const none = new Option('Follow none', '');
      this.#follow.replaceChildren(none, ...last.map((one) => new Option(`Follow ${one.number} ${pathOf(one.url)}`, one.key)));
    }
    const value = followed ?? '';
    if (this.#follow.value !== value) this.#follow.value = value;
  }

  /** The account, newest line last and in sight. */
  list(lines: readonly string[], empty: string): void {
    const text = lines.length ? lines : [empty];
    const key = `${lines.length} ${lines.at(-1)} ${lines[0]}`;
    if (this.#written.get(this.#account) === key) return;
    this.#written.set(this.#account, key);
    this.#account.replaceChildren(
      ...text.map((line) => {
        const item = document.createElement('li');
        item.textContent = line;
        return item;
      }),
    );
    this.#account.scrollTop = this.#account.scrollHeight;
  }

  #toggleView(): void {
    const text = !this.asText;
    this.#account.hidden = !text;
    this.stage.hidden = text;
    const { view } = this.#buttons;
    if (view) view.textContent = text ? 'Diagram' : 'Text';
  }

  #toggleSize(): void {
    const large = this.#root.classList.toggle('enlarged');
    const { enlarge } = this.#buttons;
    if (!enlarge) return;
    enlarge.textContent = large ? 'Shrink' : 'Enlarge';
    enlarge.setAttribute('aria-label', large ? 'Shrink the picture' : 'Enlarge the picture');
  }

  #write(selector: string, text: string): void {
    const element = this.#root.querySelector(selector);
    if (!element || this.#written.get(element) === text) return;
    this.#written.set(element, text);
    element.textContent = text;
  }
}
