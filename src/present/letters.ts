/** Whether single letters and numbers are keys of the stage and of the speaker's window; kept in this browser. */
import { inBrowser } from '../storage.ts';

const KEPT = 'ftr:present-letters';

/** They are, unless somebody switched them off. */
export const lettersOn = (): boolean => inBrowser.recall(KEPT) !== 'off';

export const switchLetters = (on: boolean): void => inBrowser.keep(KEPT, on ? 'on' : 'off');
