/** The page of one's own progress: fills in the table, prints, saves, adds and forgets; the last two can be taken back. */
import { FILE_LIMIT, FILE_NAME, fileOf, openFile, summaryOf } from '../progress/file.ts';
import { hasBegun, progress, scoreOf } from '../progress/index.ts';
import { download } from './download.ts';

const rows = [...document.querySelectorAll<HTMLElement>('tr[data-slug]')];
const total = document.querySelector('.total');
const said = document.querySelector('.said span');
const undoButton = document.querySelector<HTMLButtonElement>('[data-act="undo"]');
const file = document.querySelector<HTMLInputElement>('.do-with input');
let undo = (): void => {};

const dateOf = (at: number): string => new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' });

function show(): void {
  let done = 0;
  for (const row of rows) {
    const { slug = '', steps, checks = '', questions } = row.dataset;
    const parts = { checks: checks.split(' '), questions: Number(questions) };
    const lesson = progress.lesson(slug);
    const score = scoreOf(lesson, Number(steps), parts);
    const isDone = progress.done(slug, parts);
    if (isDone) done++;
    const mark = row.querySelector<HTMLElement>('.done');
    if (mark) mark.hidden = !isDone;
    const last = Math.max(lesson.place?.at ?? 0, ...Object.values(lesson.answers).map(({ at }) => at));
    const texts = [
      `${score.steps} of ${steps}`,
      `${score.checks} of ${parts.checks.length}`,
      `${score.right} of ${parts.questions}`,
      score.answered ? `${score.firstTry} of ${score.answered}` : '–',
      last ? dateOf(last) : '–',
    ];
    for (const [at, cell] of row.querySelectorAll('td').entries()) cell.textContent = texts[at] ?? '';
  }
  if (total) total.textContent = Object.values(progress.all).some(hasBegun) ? `${done} of ${rows.length} lessons done` : 'Nothing done yet';
  const notKept = document.querySelector<HTMLElement>('.not-kept');
  if (notKept) notKept.hidden = progress.kept;
}

/** Says it, with a way back if there is one. */
function say(text: string, back: (() => void) | null = null): void {
  if (said) said.textContent = text;
  if (!undoButton) return;
  undo = back ?? (() => {});
  undoButton.hidden = back === null;
  if (back) undoButton.focus();
}

function save(): void {
  download(FILE_NAME, 'application/json', fileOf(progress.all, new Date()));
  say(`Saved as ${FILE_NAME}.`);
}

async function load(): Promise<void> {
  const chosen = file?.files?.[0];
  if (!file || !chosen) return;
  const opened = chosen.size > FILE_LIMIT ? { problem: 'This file is too long to be saved progress.' } : openFile(await chosen.text());
  // the same file can be chosen again
  file.value = '';
  if ('problem' in opened) say(opened.problem);
  else say(`Added ${opened.found}. What was here stayed.`, progress.add(opened.lessons));
}

function forget(): void {
  const what = summaryOf(progress.all);
  if (Object.values(progress.all).some(hasBegun)) say(`Forgotten: ${what}.`, progress.resetAll());
  else say('There is nothing to forget.');
}

const ACTS: Readonly<Record<string, () => void>> = {
  print: () => window.print(),
  save,
  load: () => file?.click(),
  forget,
  undo() {
    undo();
    say('It is as before.');
    document.querySelector<HTMLElement>('[data-act="load"]')?.focus();
  },
};

document.addEventListener('click', ({ target }) => {
  const act = target instanceof Element ? target.closest<HTMLElement>('[data-act]')?.dataset['act'] : undefined;
  if (act) ACTS[act]?.();
});
file?.addEventListener('change', () => void load());
const date = document.querySelector('.date');
if (date) date.textContent = dateOf(Date.now());
show();
progress.subscribe(show);
