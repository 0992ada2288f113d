/** What the names of the protocol mean, for the reference. A name without words, or words for a name that is gone, does not compile. */
import type { Code, EVENTS, EventName, METHODS, MethodName, RESULTS } from './protocol.ts';

interface Words<Fields extends string> {
  readonly about: string;
  readonly fields: Readonly<Record<Fields, string>>;
}
type FieldsOf<T> = Extract<keyof T, string>;

export const EVENT_WORDS: { readonly [E in EventName]: Words<FieldsOf<(typeof EVENTS)[E]>> } = {
  ready: {
    about: 'The lesson is there. Always the first one.',
    fields: {
      version: 'Of the protocol.',
      lesson: 'Its name in addresses.',
      title: 'Its title.',
      steps: 'How many steps it has; the playground has 0.',
      methods: 'The methods it knows.',
    },
  },
  resize: {
    about: 'It is now so high. The element takes care of it, unless it has a height of its own.',
    fields: { height: 'In CSS pixels.' },
  },
  step: {
    about: 'Another step is shown, by the learner or by gotoStep.',
    fields: { id: 'step-3, or turn: the page with the task and the questions.', index: 'From 1.' },
  },
  progress: { about: 'The learner has come further.', fields: { value: 'The part of the steps, checks and questions that are done.' } },
  answered: {
    about: 'A question was answered, right or wrong, or a check has passed.',
    fields: {
      id: 'The lesson and the question or check: which-worker/question-1.',
      type: 'choice for a question, performance for a check.',
      response: 'The text of the chosen answer; passed for a check.',
      correct: 'Is it right?',
      text: 'The question, or what is checked.',
    },
  },
  score: {
    about: 'The points have changed: one for each check that has passed and each question whose last answer is right.',
    fields: { raw: 'Points.', max: 'Points there are.', scaled: 'raw divided by max.' },
  },
  completed: {
    about:
      'All checks have passed and all questions are answered right. Said when it becomes so, and when a host connects or restores a state where it is so.',
    fields: { passed: 'Always true in this version.' },
  },
  state: {
    about: 'What to keep for the learner, who goes on from there when restore is given it. The files they changed are not in it.',
    fields: { state: 'ASCII text of at most 4,096 characters. Keep it as it is; its form may change.' },
  },
  key: {
    about: 'A key of a clicker or a slide show was pressed in the lesson, which has no use for it.',
    fields: { key: 'PageUp, PageDown or one of the arrows, as in KeyboardEvent.key.' },
  },
  error: {
    about: 'Something is not as it was asked for. Without a listener that calls preventDefault it goes to the console.',
    fields: { code: 'One of the codes below.', message: 'What happened, and what to do.' },
  },
};

export const METHOD_WORDS: { readonly [M in MethodName]: Words<FieldsOf<(typeof METHODS)[M]>> } = {
  play: { about: 'Plays the picture; at its end from the start.', fields: {} },
  pause: { about: 'Stops the picture where it is.', fields: {} },
  seek: { about: 'To a moment of the run.', fields: { ms: 'Its own time in milliseconds, as the picture’s clock shows it.' } },
  setSpeed: { about: 'Plays slower or faster.', fields: { speed: '1 is the usual speed.' } },
  gotoStep: {
    about: 'Shows a step.',
    fields: { step: 'Its number. One more than the last one is the page with the task and the questions.' },
  },
  setTheme: { about: 'Changes the colours.', fields: { theme: 'auto follows the reader’s system.' } },
  getState: { about: 'Where everything is now.', fields: {} },
  restore: {
    about:
      'Takes over what a state event brought, here or on another machine. From then on your page keeps the progress, the lesson says so, and what the browser has kept of an earlier visit is left alone.',
    fields: { state: 'As it was given to you; an empty text for a new learner.' },
  },
  runChecks: {
    about: 'Makes the checks of the lesson, as the learner’s own Check does. Starts the server first if it does not run.',
    fields: {},
  },
};

export const RESULT_WORDS: { readonly [M in keyof typeof RESULTS]: Readonly<Record<FieldsOf<(typeof RESULTS)[M]>, string>> } = {
  getState: {
    lesson: 'Its name in addresses.',
    step: 'The page shown, from 1; 0 without any.',
    ms: 'The picture’s moment, for seek.',
    playing: 'Does the picture play?',
    speed: 'For setSpeed.',
    theme: 'For setTheme.',
    kept: 'Who keeps the progress: your page, the browser, or nobody.',
    state: 'For restore.',
  },
  runChecks: { passed: 'How many passed.', total: 'How many there are.', missing: 'The ids of those that did not.' },
};

export const CODE_WORDS: Readonly<Record<Code, string>> = {
  'bad-arguments': 'A method was given something else than it takes.',
  'unknown-method': 'There is no such method.',
  'no-figure': 'The embed shows no picture that could play.',
  'no-step': 'There is no such step, or no steps are shown.',
  'no-checks': 'The playground has nothing to check.',
  'bad-state': 'restore was given something else than a state of this lesson.',
  'not-running': 'The work area could not be loaded.',
  'bad-parameter': 'A part of the address or an attribute was ignored; the rest holds.',
  'bad-answer': 'The lesson answered with something that is not of this protocol.',
  'no-answer': 'Nobody answered: the address is wrong, or your page’s policy forbids the frame.',
  'no-lesson': 'The site has no lesson at this address. The element shows that, and what stands between its tags.',
  'no-address': 'The element has no src, or one that is no address.',
  'other-version': 'The lesson and the script are of different versions.',
  closed: 'The lesson was left before it had answered.',
  failed: 'What was asked for did not work; the message says why.',
};
