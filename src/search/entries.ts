/** Everything that can be found, from the lessons, the reference pages and the glossary. Runs at build time only. */
import { DIRECTIVES } from '../../sandboxes/programs/nginx/config/support.ts';
import { OPTIONS as UWSGI_OPTIONS } from '../../sandboxes/programs/uwsgi/options/support.ts';
import { counterpart, TERMS } from '../glossary/terms.ts';
import type { LessonEntry } from '../lesson/lessons.ts';
import type { Entry } from './options.ts';
import { stepTexts } from './plain.ts';

type Found = Omit<Entry, 'id'>;

export function entriesOf(lessons: readonly LessonEntry[]): Entry[] {
  const all = [...lessons.flatMap(lessonEntries), ...terms(), ...reference()];
  return all.map((entry, id) => ({ id, ...entry }));
}

function lessonEntries({ slug, number, entry, data }: LessonEntry): Found[] {
  const { opening, steps } = stepTexts(entry.body ?? '');
  const page = `lessons/${slug}/`;
  const place = `Lesson ${number}`;
  return [
    { to: page, place, title: data.title, text: `${data.surprise} ${data.summary} ${opening} ${data.goal}` },
    ...steps.map(({ n, title, text }) => ({ to: `${page}#step-${n}`, place: `${place}, step ${n}`, title, text })),
    {
      to: `${page}#task`,
      place,
      title: 'Your task',
      text: `${data.task} ${data.checks.map(({ text }) => `${text}.`).join(' ')}`.replaceAll('`', ''),
    },
    { to: `${page}#quiz`, place, title: 'Questions', text: data.quiz.map(({ question }) => question).join(' ') },
  ];
}

const terms = (): Found[] =>
  TERMS.map((one) => ({
    to: `glossary/#${one.id}`,
    place: 'Glossary',
    title: one.term,
    text: [one.says, counterpart(one)?.says ?? ''].join(' ').trim(),
  }));

/** What is refused has no sentence and nothing to read; its page lists it by name. */
function reference(): Found[] {
  const rows = [
    ...DIRECTIVES.map((row) => ({ ...row, page: 'reference/nginx/', place: 'Nginx in the sandbox' })),
    ...UWSGI_OPTIONS.map((row) => ({ ...row, page: 'reference/uwsgi/', place: 'uWSGI in the sandbox' })),
  ];
  return rows
    .filter(({ support }) => support === 'supported')
    .map(({ name, sentence, page, place }) => ({ to: `${page}#${name}`, place, title: name, text: sentence }));
}
