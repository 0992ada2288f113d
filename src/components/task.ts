/** The button of Task.astro. */
import { pressAgain } from './early.ts';

const BUTTON = '.open-checks button';

document.querySelector(BUTTON)?.addEventListener('click', () => window.dispatchEvent(new CustomEvent('ftr:checks')));
pressAgain(BUTTON);
