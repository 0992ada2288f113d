/**
 * The protocol between a page (the host) and a lesson in a frame of it, version 1: events go from the lesson to the host, methods the
 * other way. The LMS packages speak it, too. What the names mean is in words.ts; messages are in messages.ts.
 *
 * 1. The frame's page says `hello?` to its parent (postMessage to any origin: it tells nothing).
 * 2. The host answers with `hello` and a MessagePort, to the frame's exact origin; a frame with an opaque origin can only be reached by `*`.
 *    Where there is no lesson the site's 404 page says `no-lesson` instead.
 * 3. The frame takes it from its parent only. From then on everything goes through the port, so two embeds never mix.
 */
import type { Fields, Values } from './shape.ts';

export const NAME = 'request-flow';
export const VERSION = 1;

/** Those of the figure's player, which brings too much with it for the element's script. */
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;
const THEMES = ['light', 'dark', 'auto'] as const;
/** Where progress is kept: by the host, by the browser for this pair of sites, or only as long as the page is there. */
const KEEPERS = ['host', 'browser', 'memory'] as const;

/** What an embed's address and its element may say; params.ts has the values. */
export const PARAM_NAMES = ['theme', 'lang', 'step', 'size', 'panels', 'speed', 'autoplay', 'motion', 'start'] as const;
export type ParamName = (typeof PARAM_NAMES)[number];

/** From the lesson to the host. */
export const EVENTS = {
  ready: { version: 'whole number', lesson: 'text', title: 'text', steps: 'whole number', methods: 'list of texts' },
  resize: { height: 'whole number' },
  step: { id: 'text', index: 'whole number' },
  progress: { value: 'number from 0 to 1' },
  answered: { id: 'text', type: ['choice', 'performance'], response: 'text', correct: 'true or false', text: 'text' },
  score: { raw: 'whole number', max: 'whole number', scaled: 'number from 0 to 1' },
  completed: { passed: 'true or false' },
  state: { state: 'text' },
  key: { key: 'text' },
  error: { code: 'text', message: 'text' },
} as const satisfies Readonly<Record<string, Fields>>;

/** From the host to the lesson: what a method is given, in this order. */
export const METHODS = {
  play: {},
  pause: {},
  seek: { ms: 'number' },
  setSpeed: { speed: SPEEDS },
  gotoStep: { step: 'whole number' },
  setTheme: { theme: THEMES },
  getState: {},
  restore: { state: 'text' },
  runChecks: {},
} as const satisfies Readonly<Record<string, Fields>>;

/** What the promise of a method brings, of those that bring something. */
export const RESULTS = {
  getState: {
    lesson: 'text',
    step: 'whole number',
    ms: 'number',
    playing: 'true or false',
    speed: SPEEDS,
    theme: THEMES,
    kept: KEEPERS,
    state: 'text',
  },
  runChecks: { passed: 'whole number', total: 'whole number', missing: 'list of texts' },
} as const satisfies Readonly<Partial<Record<MethodName, Fields>>>;

export type EventName = keyof typeof EVENTS;
export type MethodName = keyof typeof METHODS;
export type Detail<E extends EventName> = Values<(typeof EVENTS)[E]>;
export type State = Values<(typeof RESULTS)['getState']>;
export type Keeper = State['kept'];
export type Theme = State['theme'];
export type Speed = State['speed'];
type Result<M extends MethodName> = M extends keyof typeof RESULTS ? Values<(typeof RESULTS)[M]> : undefined;

/** The methods as they are called; what goes wrong is a `Refusal`. */
export interface Methods {
  play(): Promise<undefined>;
  pause(): Promise<undefined>;
  seek(ms: number): Promise<undefined>;
  setSpeed(speed: Speed): Promise<undefined>;
  gotoStep(step: number): Promise<undefined>;
  setTheme(theme: Theme): Promise<undefined>;
  getState(): Promise<Result<'getState'>>;
  restore(state: string): Promise<undefined>;
  runChecks(): Promise<Result<'runChecks'>>;
}

/** Why a method's promise was broken; the text says what to do. */
export type Code =
  | 'bad-arguments'
  | 'unknown-method'
  | 'no-figure'
  | 'no-step'
  | 'no-checks'
  | 'bad-state'
  | 'not-running'
  | 'bad-parameter'
  | 'bad-answer'
  | 'no-answer'
  | 'no-lesson'
  | 'no-address'
  | 'other-version'
  | 'closed'
  | 'failed';

export class Refusal extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.name = 'RequestFlowError';
    this.code = code;
  }
}

export const isEvent = (name: unknown): name is EventName => typeof name === 'string' && Object.hasOwn(EVENTS, name);
export const isMethod = (name: unknown): name is MethodName => typeof name === 'string' && Object.hasOwn(METHODS, name);
