/** The buttons of Do.astro in the text: pressed, they announce on `window` what the work area shall do. */
import { pressAgain } from './early.ts';

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('.do button') : null;
  if (!button) return;
  const { send, count, inTurn, run, open, line, restart, check } = button.dataset;
  if (send) announce('ftr:send', { url: send, count: Number(count), inTurn: inTurn !== undefined });
  else if (run) announce('ftr:run', { command: run });
  else if (open) announce('ftr:open', { file: open, line: line ? Number(line) : null });
  else if (restart !== undefined) announce('ftr:restart', null);
  else if (check !== undefined) announce('ftr:checks', { make: true });
});

function announce(type: string, detail: object | null): void {
  window.dispatchEvent(new CustomEvent(type, { detail }));
}

pressAgain('.do button');
