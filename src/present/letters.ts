/** Whether single letters and numbers are keys of the stage and of the speaker's window; kept in this browser. */

const KEPT = 'ftr:present-letters';

/** They are, unless somebody switched them off. */
export function lettersOn(): boolean {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    return true;
  }
}

export function switchLetters(on: boolean): void {
  try {
    localStorage.setItem(KEPT, on ? 'on' : 'off');
  } catch {
    // it holds as long as the page
  }
}
