/** The speaker's clock: how long it has been, how long is left, and whether the talk is on time. Pure: told what time it is. */

export interface Timer {
  /** When it was started (ms, as of Date.now); null before. */
  readonly since: number | null;
}

/** `12:05`, and `-1:30` for what is over. Seconds are cut off. */
export function minutesSeconds(ms: number): string {
  const seconds = Math.trunc(Math.abs(ms) / 1000);
  const sign = ms <= -1000 ? '-' : '';
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const elapsed = ({ since }: Timer, now: number): number => (since === null ? 0 : Math.max(0, now - since));

/** When a slide should begin (minutes from the start), from how long the notes say to stay with each; slide 0 is the title. */
export function planned(notes: readonly { readonly step: number; readonly minutes: number }[], slide: number): number {
  return notes.filter(({ step }) => step < slide).reduce((sum, { minutes }) => sum + minutes, 0);
}

/** Ahead of the plan by so many minutes, or behind it; empty as long as it is neither. */
export function paceWords(elapsedMs: number, begins: number, ends: number): string {
  const minutes = elapsedMs / 60_000;
  const late = Math.floor(minutes - ends);
  const early = Math.floor(begins - minutes);
  if (late >= 1) return `${late} min behind`;
  return early >= 1 ? `${early} min ahead` : '';
}
