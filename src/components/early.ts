/**
 * What is pressed on a slow line before the page's scripts have come: an inline script in the head remembers the last press, and the
 * script whose button it was takes it up.
 */

const PRESSED = 'ftrPressed';

/** The inline script. */
export const REMEMBER_PRESS = `addEventListener('click', ({ target }) => { window.${PRESSED} = target; });`;

/** Presses the button that fits `selector` once more when it was pressed before the script that now listens had come. */
export function pressAgain(selector: string): void {
  const pressed: unknown = Reflect.get(window, PRESSED);
  if (pressed instanceof Element) pressed.closest<HTMLElement>(selector)?.click();
}
