/**
 * What the teacher's stage, the relay and the students' pages say to each other. Everything that comes from elsewhere is looked at here
 * before it counts. Pure, and the same in the browser and in Node.
 */
import type { Moment } from '../components/figure/steering.ts';
import { isObject } from '../is-object.ts';

/** Where the class is. */
export interface Place {
  readonly lesson: string;
  /** The lesson's number in the course, where the teacher's page knows it. */
  readonly number?: number;
  /** 0 is the title; after the last step comes the card. */
  readonly step: number;
  /** The recording; null while the teacher shows a live server. */
  readonly moment: Moment | null;
}

/** A place as students get it. `ago`: so long since (ms), for who comes late to a recording that plays. */
export interface Told extends Place {
  readonly ago: number;
}

/** A page that follows, about itself. It has no name: `me` is made up by the page, and forgotten with it. */
export interface Report {
  readonly me: string;
  readonly following: boolean;
  readonly lesson: string;
  /** The checks of that lesson that are passed. */
  readonly passed: readonly string[];
}

/** What the teacher is told after every message. */
export interface Count {
  readonly here: number;
  readonly following: number;
  readonly passed: Readonly<Record<string, number>>;
  /** The students' address. */
  readonly address: string;
  /** False: the relay does not know where the class is, because it was started anew. */
  readonly placed: boolean;
}

/** Longest message either side takes, in bytes. */
export const LONGEST = 2048;
const MOST_CHECKS = 40;
/** A recording is shorter than this (ms). */
const MOST_MS = 86_400_000;

const SLUG = /^[a-z0-9][a-z0-9-]{0,59}$/;
const ME = /^[a-z0-9]{12,32}$/;
export const ROOM = /^[a-z0-9]{4,16}$/;

const isSlug = (value: unknown): value is string => typeof value === 'string' && SLUG.test(value);
const isWithin = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;

/** Why it is not what was wanted; the message says it to whoever sent it. */
export class Refused extends Error {}

/** Errors: a Refused that names the field. */
export function readPlace(value: unknown): Place {
  if (!isObject(value)) throw new Refused('A place is an object with lesson, step and moment.');
  const { lesson, number, step, moment } = value;
  if (!isSlug(lesson)) throw new Refused('lesson is the name of a lesson, as it is in its address.');
  if (!isWithin(step, 0, 99) || !Number.isInteger(step)) throw new Refused('step is a whole number from 0 to 99.');
  const numbered = isWithin(number, 1, 99) && Number.isInteger(number) ? { number } : {};
  return { lesson, ...numbered, step, moment: moment === null || moment === undefined ? null : readMoment(moment) };
}

function readMoment(value: unknown): Moment {
  if (!isObject(value)) throw new Refused('moment is an object with t, playing and speed, or null.');
  const { t, playing, speed } = value;
  if (!isWithin(t, 0, MOST_MS)) throw new Refused('moment.t is a time in milliseconds.');
  if (typeof playing !== 'boolean') throw new Refused('moment.playing is true or false.');
  if (!isWithin(speed, 0.1, 4)) throw new Refused('moment.speed is a number from 0.1 to 4.');
  return { t, playing, speed };
}

/** Errors: a Refused. */
export function readTold(value: unknown): Told {
  const place = readPlace(value);
  const { ago } = value as { readonly ago?: unknown };
  return { ...place, ago: isWithin(ago, 0, MOST_MS) ? ago : 0 };
}

export const isMe = (value: unknown): value is string => typeof value === 'string' && ME.test(value);

/** Errors: a Refused that names the field. */
export function readReport(value: unknown): Report {
  if (!isObject(value)) throw new Refused('A report is an object with me, following, lesson and passed.');
  const { me, following, lesson, passed } = value;
  if (!isMe(me)) throw new Refused('me is 12 to 32 small letters and digits.');
  if (typeof following !== 'boolean') throw new Refused('following is true or false.');
  if (!isSlug(lesson)) throw new Refused('lesson is the name of a lesson, as it is in its address.');
  if (!Array.isArray(passed) || passed.length > MOST_CHECKS || !passed.every(isSlug))
    throw new Refused(`passed is a list of at most ${MOST_CHECKS} checks.`);
  return { me, following, lesson, passed };
}

/** Errors: a Refused. */
export function readCount(value: unknown): Count {
  if (!isObject(value)) throw new Refused('The relay did not answer with numbers.');
  const { here, following, passed, address, placed } = value;
  if (!isWithin(here, 0, 1e6) || !isWithin(following, 0, 1e6) || !isObject(passed) || typeof address !== 'string')
    throw new Refused('The relay did not answer with numbers.');
  return {
    here,
    following,
    passed: Object.fromEntries(Object.entries(passed).filter(([, count]) => isWithin(count, 0, 1e6))) as Count['passed'],
    address,
    placed: placed !== false,
  };
}
