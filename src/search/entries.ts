/** Everything that can be found, from the lessons, the map, the reference pages and the glossary. Runs at build time only. */
import { DIRECTIVES } from '../../sandboxes/programs/nginx/config/support.ts';
import { OPTIONS as UWSGI_OPTIONS } from '../../sandboxes/programs/uwsgi/options/support.ts';
import { counterpart, TERMS } from '../glossary/terms.ts';
import type { LessonEntry } from '../lesson/lessons.ts';
import { GROUPS } from '../map/index.ts';
import type { Entry } from './options.ts';
import { stepTexts } from './plain.ts';

type Found = Omit<Entry, 'id'>;

export function entriesOf(lessons: readonly LessonEntry[]): Entry[] {
  const all = [...lessons.flatMap(lessonEntries), ...pages(), ...terms(), ...map(), ...reference()];
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

const pages = (): Found[] => [
  {
    to: 'map/',
    place: 'Page',
    title: 'The map',
    text: 'Parts, settings, files and commands of the Python stack side by side with IIS and ASP.NET Core, to filter and to print.',
  },
  { to: 'paths/', place: 'Page', title: 'Short ways through the course', text: 'The whole picture in 15 minutes, 45 minutes in class.' },
  { to: 'cards/', place: 'Page', title: 'Summary cards', text: 'What stays of each lesson, a card each, to print.' },
  {
    to: 'wsl/',
    place: 'Page',
    title: 'On your Windows',
    text: 'How to follow along on WSL 2, with the real Nginx, uWSGI and systemd: install, folders, ports and what differs.',
  },
  {
    to: 'numbers/',
    place: 'Page',
    title: 'Numbers',
    text: 'The sandbox beside the real Nginx and uWSGI, measured: throughput by workers, latency by hop, Unix socket, TCP and HTTP, TLS, memory, start and reload.',
  },
  {
    to: 'lecture/',
    place: 'Page',
    title: 'The lecture, minute by minute',
    text: 'What the lecture says when, and which lesson takes it up.',
  },
];

/** Of a row, what stands in its place on the other side and the difference. */
const map = (): Found[] =>
  GROUPS.flatMap(({ title, rows }) =>
    rows.map(({ id, here, iis, core, says }) => ({
      to: `map/#${id}`,
      place: `Map, ${title}`,
      title: here.replaceAll('`', ''),
      text: `${iis}, ${core}. ${says}`.replaceAll('`', ''),
    })),
  );

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
