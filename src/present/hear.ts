/** What is pressed at a stage, by key or by pointer, as wishes. */
import { type Place, type StageWish, wishOf } from './keys.ts';
import type { Wish } from './show.ts';
import type { StageView } from './view.ts';

export interface Ear {
  want(wish: Wish | StageWish): void;
  /** The laser's key: false when it is let go after it was held. */
  laserKey(down: boolean): void;
  /** Are the single keys switched on? */
  letters(): boolean;
}

/** Held longer than this (ms), the laser's key is for as long as it is held. */
const HELD_MS = 350;

export function hear(view: StageView, ear: Ear): void {
  let heldSince = 0;

  // before anything on the stage takes the key for itself: a clicker has to work wherever the focus is
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || document.querySelector('dialog:modal')) return;
      const wish = wishOf(event, placeOf(event.target), ear.letters());
      if (!wish) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat && wish.do !== 'next' && wish.do !== 'back') return;
      if (wish.do !== 'laser') return ear.want(wish);
      heldSince = performance.now();
      ear.laserKey(true);
    },
    { capture: true },
  );
  document.addEventListener('keyup', ({ key }) => {
    if (key.toLowerCase() !== 'l' || heldSince === 0) return;
    if (performance.now() - heldSince > HELD_MS) ear.laserKey(false);
    heldSince = 0;
  });
  view.root.addEventListener('click', ({ target, detail }) => {
    if (!(target instanceof Element)) return;
    const { act, scenario } = target.closest<HTMLElement>('.stage-bar button')?.dataset ?? {};
    if (scenario !== undefined) ear.want({ do: 'scenario', n: Number(scenario) });
    else if (act) ear.want({ do: act } as Wish | StageWish);
    // by pointer, so that the keys are the stage's again; whoever goes by keyboard stays where they are
    const stays = target.closest('.live, select, input:not([type="range"]), a, dialog');
    if (detail > 0 && !stays && !document.querySelector('dialog:modal')) view.focus();
  });
  view.part<HTMLSelectElement>('.where').addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement) ear.want({ do: 'slide', to: Number(target.value) });
    view.focus();
  });
  view.blank.addEventListener('click', () => ear.want({ do: 'blank' }));
}

const FIELDS = 'textarea, select, [contenteditable="true"], input:not([type="checkbox"], [type="radio"], [type="range"])';
const TYPES = `${FIELDS}, .xterm, .cm-editor, [role="tablist"], [role="separator"]`;

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) return 'stage';
  if (target.closest(TYPES)) return 'typing';
  if (target.closest('.figure')) return 'picture';
  return target.closest('button, a, summary, input, [role="button"]') && !target.matches('.show-blank') ? 'button' : 'stage';
}
