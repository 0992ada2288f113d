/** The buttons of LessonEnd.astro: the lesson back to its start, and that undone; and whether progress is kept at all. */
import { progress } from '../progress/index.ts';

const over = document.querySelector<HTMLElement>('.over');
const said = over?.querySelector('.done span');
const undoButton = over?.querySelector<HTMLButtonElement>('[data-act="undo"]');
const resetButton = over?.querySelector<HTMLButtonElement>('[data-act="reset"]');
let undo = (): void => {};

resetButton?.addEventListener('click', () => {
  undo = progress.reset(over?.dataset['slug'] ?? '');
  if (said) said.textContent = 'This lesson is at its start again.';
  if (!undoButton) return;
  // pressed once more, it would replace what Undo brings back by nothing
  resetButton.disabled = true;
  undoButton.hidden = false;
  undoButton.focus();
});
undoButton?.addEventListener('click', () => {
  undo();
  if (said) said.textContent = 'Everything is back.';
  undoButton.hidden = true;
  if (!resetButton) return;
  resetButton.disabled = false;
  resetButton.focus();
});

const notKept = over?.querySelector<HTMLElement>('.not-kept');
const tell = () => {
  if (notKept) notKept.hidden = progress.kept;
};
tell();
progress.subscribe(tell);
