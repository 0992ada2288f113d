/** What a stage looks like for what it shows: the markup of src/pages/present, made to say it. */
import { WRONG_KEY } from '../classroom/teach.ts';
import type { Scenario } from './scenarios.ts';
import type { Show } from './show.ts';

export interface Deck {
  readonly lesson: string;
  readonly number: number;
  /** Address of the lesson's own page, and of the speaker's. */
  readonly address: string;
  readonly speaker: string;
  /** Where the recording begins (trace time, ms). */
  readonly start: number;
  readonly scenarios: readonly Scenario[];
  readonly slides: readonly string[];
}

export class StageView {
  readonly root: HTMLElement;
  readonly blank = document.createElement('button');
  readonly #deck: Deck;

  constructor(root: HTMLElement, deck: Deck) {
    this.root = root;
    this.#deck = deck;
    this.blank.type = 'button';
    this.blank.className = 'show-blank';
    this.blank.textContent = 'The screen is blank. Press to go on.';
    this.blank.hidden = true;
    root.append(this.blank);
  }

  draw({ slide, page, pages, view, picture, blank, scenario, room }: Show): void {
    const { slides, scenarios } = this.#deck;
    this.root.dataset['view'] = view;
    this.blank.hidden = !blank;
    if (blank) this.blank.focus();
    else if (document.activeElement === document.body) this.focus();
    this.part('.recorded').hidden = picture === 'live';
    this.part('.live').hidden = picture === 'recording';
    const goesOn = page < pages - 1;
    this.part('.more').hidden = !goesOn;
    this.part('.more').textContent = `${page + 1} of ${pages} ↓`;
    this.part('.slide').classList.toggle('goes-on', goesOn);
    this.part<HTMLSelectElement>('.where').selectedIndex = Math.min(slide, slides.length - 1);
    const chosen = this.part('.chosen');
    chosen.hidden = scenario === null;
    chosen.textContent = scenario === null ? '' : `${scenario + 1}. ${(scenarios[scenario]?.label ?? '').replaceAll('`', '')}`;
    this.root.dataset['picture'] = picture;
    this.part('.which').textContent = picture;
    for (const button of this.root.querySelectorAll<HTMLElement>('[data-scenario]'))
      button.setAttribute('aria-pressed', String(button.dataset['scenario'] === String(scenario)));
    const followers = this.part('.class');
    followers.hidden = room === null;
    followers.title = room?.trouble ?? '';
    const refused = room?.trouble === WRONG_KEY;
    followers.classList.toggle('refused', refused);
    followers.textContent = refused ? WRONG_KEY : room?.trouble ? 'class not reached' : `${room?.following} of ${room?.here} follow`;
  }

  /** Whether a button of the bar is pressed. */
  press(selector: string, on: boolean): void {
    this.part(selector).setAttribute('aria-pressed', String(on));
  }

  /** For those who hear the page. */
  say(text: string): void {
    this.part('#said').textContent = text;
  }

  /** The keys are the stage's again. */
  focus(): void {
    this.root.focus({ preventScroll: true });
  }

  part<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (!found) throw new Error(`The stage has no ${selector}`);
    return found;
  }
}
