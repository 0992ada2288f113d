/** A page that follows a class, as one value: what it knows, and what it does next. Pure; follow.ts does it. */
import type { Told } from './place.ts';

export interface Following {
  /** The class, as it was told last; null before. */
  readonly place: Told | null;
  /** The learner went away to look at something. */
  readonly left: boolean;
  /** A server of the learner's runs on this page: it would be gone with the page. */
  readonly busy: boolean;
  /** The learner scrolled on from where the class is. */
  readonly away: boolean;
  readonly connection: 'opening' | 'open' | 'lost' | 'refused';
  /** Why it was refused. */
  readonly why: string;
}

export const BEGIN: Following = { place: null, left: false, busy: false, away: false, connection: 'opening', why: '' };

/** What a page has to do because it was told a place, or has caught up. */
export type Move =
  | { readonly to: 'lesson'; readonly lesson: string }
  | { readonly to: 'step'; readonly step: number; readonly scroll: boolean }
  | null;

/** `lesson`: where the page is; '' on a page that is no lesson. `before`: the place it followed last. */
export function moveTo({ place, left, busy }: Following, lesson: string, before: Told | null): Move {
  if (!place || left) return null;
  if (place.lesson !== lesson) return busy ? null : { to: 'lesson', lesson: place.lesson };
  return { to: 'step', step: place.step, scroll: before?.step !== place.step || before.lesson !== lesson };
}

/** What the learner can press in the line. */
export type Act = 'Leave' | 'Catch up' | 'Go there' | 'Stay' | 'Back to the class';

export function actsOf({ place, left, busy, away, connection }: Following, lesson: string): readonly Act[] {
  if (connection === 'refused') return [];
  if (left) return ['Catch up'];
  if (busy && place && place.lesson !== lesson) return ['Go there', 'Stay'];
  return away ? ['Back to the class', 'Leave'] : ['Leave'];
}

/** How a page was come to. `room`: the class stands in its address, as in those that the class leads to. */
export interface Arrival {
  readonly room: boolean;
  readonly how: NavigationTimingType;
}

/**
 * Does this page begin as one that has left the class? Whoever types the code is with it again; whoever opens another page than that of
 * the class, by a link or the browser's Back, has left it. `was`: the lesson the tab was in with the class before, null when the class had
 * not begun; `left`: whether the tab had left it.
 */
export function beginsLeft({ room, how }: Arrival, lesson: string, was: string | null, left: boolean): boolean {
  if (room && how === 'navigate') return false;
  const reloaded = room && how !== 'back_forward';
  return left || (!reloaded && was !== null && was !== lesson);
}

/** What the learner reads in the line, on the page of a lesson with so many steps. */
export function lineOf({ place, left, busy, away, connection, why }: Following, lesson: string, steps: number): string {
  if (connection === 'refused') return why;
  if (connection === 'lost') return 'The class is not reached. Trying again …';
  if (connection === 'opening') return 'Joining the class …';
  if (!place) return 'In the class. Your teacher has not begun.';
  const here = place.lesson === lesson;
  const where = here ? stepWords(place.step, steps) : place.number ? `lesson ${place.number}` : 'another lesson';
  if (busy && !left && !here) return `The class went on to ${where}. Going there ends your server; your files are kept.`;
  if (away && !left && here) return `You scrolled away. The class is at ${where}.`;
  return left ? `You left. The class is at ${where}.` : `With the class: ${where}${place.moment ? '' : ', live server'}`;
}

const stepWords = (step: number, steps: number): string => (step === 0 ? 'the title' : step > steps ? 'the card' : `step ${step}`);
