/**
 * What the address of an embed may ask for: names, allowed values (as a pattern for the whole value) and what holds without them. The
 * same table sets the page up before its first paint (`PAINT`), says what was wrong, builds the snippets and is printed in the reference.
 */
import type { ParamName } from './protocol.ts';

export const PANELS = ['figure', 'steps', 'work', 'quiz'] as const;

interface Param {
  /** The whole value, as a regular expression. */
  readonly pattern: string;
  /** What holds when it is not given, or is given wrongly. */
  readonly otherwise: string;
  /** What may be said, in words. */
  readonly allowed: string;
  readonly about: string;
  /** Said in place of the usual sentence about a value that is not allowed. */
  readonly refusal?: string;
}

const one = `(?:${PANELS.join('|')})`;

export const PARAMS = {
  theme: {
    pattern: 'light|dark|auto',
    otherwise: 'auto',
    allowed: 'light, dark, auto',
    about: 'The colours. `auto` follows the reader’s system.',
  },
  lang: {
    pattern: 'en',
    otherwise: 'en',
    allowed: 'en',
    about: 'The language.',
    refusal: 'The course is in English only so far, so it is shown in English.',
  },
  step: {
    pattern: '[1-9]\\d?',
    otherwise: '',
    allowed: 'a step’s number',
    about: 'The step shown first. With `size=s` it is the only one.',
  },
  size: {
    pattern: 's|m|l',
    otherwise: 'm',
    allowed: 's, m, l',
    about: '`s` for a narrow column: the picture and one step; `l` for a projector.',
  },
  panels: {
    pattern: `${one}(?:,${one})*`,
    otherwise: '',
    allowed: 'figure, steps, work, quiz, with commas between',
    about: 'What is shown. Without it everything; with `size=s` the figure and the steps.',
  },
  speed: { pattern: '0\\.1|0\\.25|0\\.5|1|2|4', otherwise: '1', allowed: '0.1, 0.25, 0.5, 1, 2, 4', about: 'How fast the picture plays.' },
  autoplay: {
    pattern: '0|1',
    otherwise: '0',
    allowed: '0, 1',
    about: 'With `1` the recording plays as soon as it is seen. Not for readers who asked their system for less motion.',
  },
  motion: { pattern: 'reduce', otherwise: '', allowed: 'reduce', about: 'The picture jumps from one event to the next, for every reader.' },
  start: { pattern: '[a-z0-9-]{1,40}', otherwise: '', allowed: 'a preset’s name', about: 'In the playground only: what it begins with.' },
} as const satisfies Readonly<Record<ParamName, Param>>;

type Settings = Readonly<Record<ParamName, string>>;

const table = Object.entries<Param>(PARAMS);

/** What holds, and a sentence for each part of the address that was ignored. */
export function readParams(search: string): { readonly settings: Settings; readonly problems: string[] } {
  const query = new URLSearchParams(search);
  const settings = table.map(([name, { pattern, otherwise }]) => {
    const value = query.get(name) ?? '';
    return [name, new RegExp(`^(?:${pattern})$`).test(value) ? value : otherwise];
  });
  const problems = [...query].flatMap(([name, value]) => {
    const known = Object.hasOwn(PARAMS, name) ? (PARAMS[name as ParamName] as Param) : null;
    if (!known) return [`${name} is no parameter here, so it was ignored; there are ${table.map(([one]) => one).join(', ')}.`];
    if (new RegExp(`^(?:${known.pattern})$`).test(value)) return [];
    return [`${name}=${value} was ignored. ${known.refusal ?? `Allowed: ${known.allowed}.`}`];
  });
  return { settings: Object.fromEntries(settings) as Settings, problems };
}

/** What is wrong with a step that only this lesson, or these panels, do not have. `shown`: the page that is shown, from 1; undefined without any. */
export function stepProblems({ step }: Pick<Settings, 'step'>, shown: number | undefined, steps: number): readonly string[] {
  if (step === '' || Number(step) === shown) return [];
  const there = steps ? `There are the steps 1 to ${steps}, if the panels have steps.` : 'There are no steps here.';
  return [`step=${step} was ignored. ${there}`];
}

/** The panels that are shown. */
export function panelsOf({ panels, size }: Pick<Settings, 'panels' | 'size'>): readonly string[] {
  if (panels) return PANELS.filter((panel) => panels.split(',').includes(panel));
  return size === 's' ? ['figure', 'steps'] : PANELS;
}

/** An inline script that writes the settings on the root element before anything is painted, as `data-…`. Without scripts all is shown. */
export const PAINT = `(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  for (const [name, pattern, otherwise] of ${JSON.stringify(table.map(([name, { pattern, otherwise }]) => [name, pattern, otherwise]))}) {
    const value = query.get(name) ?? '';
    root.dataset[name] = new RegExp('^(?:' + pattern + ')$').test(value) ? value : otherwise;
  }
  root.dataset.panels ||= root.dataset.size === 's' ? 'figure,steps' : '${PANELS.join(',')}';
  root.classList.add('js');
})();`;
