/**
 * SCORM 1.2 and SCORM 2004 (4th edition), as far as a lesson needs them: what their calls and elements are named, and what is written
 * for each event of a lesson. Pure.
 */
import type { Detail, EventName } from '../../../src/embed/protocol.ts';

/** An element of the data model and its value. */
export type Write = readonly [element: string, value: string];

interface Moment {
  /** How many interactions the platform has already. */
  readonly answers: number;
  readonly at: Date;
}

type Writers = Readonly<Partial<{ [E in EventName]: (detail: Detail<E>, moment: Moment) => readonly Write[] }>>;

export interface Dialect {
  /** The object that the platform puts into one of the windows around the lesson. */
  readonly api: string;
  /** What the names of its functions begin with. */
  readonly prefix: string;
  readonly begin: string;
  readonly end: string;
  /** Codes of the error "there is no such element": many of them need not be there. */
  readonly unknown: readonly string[];
  readonly mode: string;
  readonly place: string;
  readonly status: string;
  /** Says that somebody has begun, in place of "not attempted". */
  readonly begun: readonly Write[];
  readonly events: Writers;
  /** Written before each commit: how long the learner has been here (ms), and that there is something to come back to. */
  readonly stay: (ms: number) => readonly Write[];
}

/** `suspend_data` in both; 1.2 keeps 4,096 characters, as many as a state has at most. */
export const STATE = 'cmi.suspend_data';
export const ANSWERS = 'cmi.interactions._count';
/** Longest texts of an interaction that every platform keeps (1.2: 255 characters, 2004: 250). */
const MOST = 250;

const cut = (text: string): string => text.slice(0, MOST);
const score = (element: string, { scaled }: Detail<'score'>): Write[] => [
  [`${element}.raw`, String(Math.round(scaled * 100))],
  [`${element}.min`, '0'],
  [`${element}.max`, '100'],
];
const state = ({ state: text }: Detail<'state'>): Write[] => [[STATE, text]];

/** Answers go as `fill-in`, also those of choices: only there a platform keeps, and shows to a teacher, what the answer says. */
const kind = ({ type }: Detail<'answered'>): string => (type === 'choice' ? 'fill-in' : type);

const two = (number: number): string => String(number).padStart(2, '0');
const parts = (ms: number): [hours: number, minutes: number, seconds: number] => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
};

const scorm12: Dialect = {
  api: 'API',
  prefix: 'LMS',
  begin: 'Initialize',
  end: 'Finish',
  unknown: ['201', '401'],
  mode: 'cmi.core.lesson_mode',
  place: 'cmi.core.lesson_location',
  status: 'cmi.core.lesson_status',
  begun: [['cmi.core.lesson_status', 'incomplete']],
  events: {
    step: ({ index }) => [['cmi.core.lesson_location', String(index)]],
    state,
    score: (detail) => (detail.max ? score('cmi.core.score', detail) : []),
    answered(detail, { answers, at }) {
      const one = `cmi.interactions.${answers}`;
      return [
        [`${one}.id`, cut(detail.id)],
        [`${one}.type`, kind(detail)],
        [`${one}.time`, [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')],
        [`${one}.student_response`, cut(detail.response)],
        [`${one}.result`, detail.correct ? 'correct' : 'wrong'],
      ];
    },
    completed: ({ passed }) => [['cmi.core.lesson_status', passed ? 'passed' : 'failed']],
  },
  stay(ms) {
    const [hours, minutes, seconds] = parts(ms);
    return [
      ['cmi.core.session_time', [Math.min(hours, 9999), minutes, seconds].map(two).join(':')],
      ['cmi.core.exit', 'suspend'],
    ];
  },
};

const scorm2004: Dialect = {
  api: 'API_1484_11',
  prefix: '',
  begin: 'Initialize',
  end: 'Terminate',
  unknown: ['401', '402'],
  mode: 'cmi.mode',
  place: 'cmi.location',
  status: 'cmi.completion_status',
  begun: [['cmi.completion_status', 'incomplete']],
  events: {
    step: ({ index }) => [['cmi.location', String(index)]],
    state,
    progress: ({ value }) => [['cmi.progress_measure', value.toFixed(4)]],
    score: (detail) => (detail.max ? [...score('cmi.score', detail), ['cmi.score.scaled', detail.scaled.toFixed(4)]] : []),
    answered(detail, { answers, at }) {
      const one = `cmi.interactions.${answers}`;
      return [
        [`${one}.id`, cut(detail.id)],
        [`${one}.type`, kind(detail)],
        [`${one}.timestamp`, `${at.toISOString().slice(0, 19)}.0Z`],
        [`${one}.learner_response`, cut(detail.response)],
        [`${one}.result`, detail.correct ? 'correct' : 'incorrect'],
        [`${one}.description`, cut(detail.text)],
      ];
    },
    completed: ({ passed }) => [
      ['cmi.completion_status', 'completed'],
      ['cmi.success_status', passed ? 'passed' : 'failed'],
    ],
  },
  stay(ms) {
    const [hours, minutes, seconds] = parts(ms);
    return [
      ['cmi.session_time', `PT${hours}H${minutes}M${seconds}S`],
      ['cmi.exit', 'suspend'],
    ];
  },
};

export const DIALECTS = { '1.2': scorm12, '2004': scorm2004 } as const;
export type Version = keyof typeof DIALECTS;
export const isVersion = (text: string | undefined): text is Version => text !== undefined && Object.hasOwn(DIALECTS, text);

/** What is written for an event; nothing for those that a platform has no use for. */
export function writesFor<E extends EventName>({ events }: Dialect, event: E, detail: Detail<E>, moment: Moment): readonly Write[] {
  return events[event]?.(detail, moment) ?? [];
}
