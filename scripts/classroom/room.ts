/** One class on one relay: who listens, where the class is, what the pages say about themselves. Nothing of it is kept. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Count, Report } from '../../src/classroom/place.ts';
import { Allowance, type Limits } from './limits.ts';

interface Student {
  readonly response: ServerResponse;
  report: Report | null;
  readonly allowance: Allowance;
}

/** What a relay counts, as others are told. */
type Counted = Pick<Count, 'here' | 'following' | 'passed'>;

/** The count of another relay holds so long (ms). */
const HOLDS_MS = 7_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export class Room {
  readonly #key: Buffer;
  readonly #limits: Limits;
  readonly #students = new Map<string, Student>();
  readonly #elsewhere = new Map<string, { readonly counted: Counted; readonly at: number }>();
  readonly allowance: Allowance;
  /** The lesson the class is in. */
  lesson = '';

  constructor(key: string, limits: Limits, now: number) {
    this.#key = digest(key);
    this.#limits = limits;
    this.allowance = new Allowance(limits.placesPerSecond, now);
  }

  /** Is that the presenter's key? Takes as long for any that is not. */
  opens(key: string): boolean {
    return timingSafeEqual(digest(key), this.#key);
  }

  get listening(): number {
    return this.#students.size;
  }

  /** Does that page listen already, as far as is known? */
  has(me: string): boolean {
    return this.#students.has(me);
  }

  /** A page listens from now on. One that comes back, before it was noticed that it went, takes its own place again. */
  join(me: string, response: ServerResponse, now: number): void {
    const before = this.#students.get(me);
    // at once: what ends politely waits for a line that may be dead
    before?.response.destroy();
    const student = {
      response,
      report: before?.report ?? null,
      allowance: before?.allowance ?? new Allowance(this.#limits.reportsPerSecond, now),
    };
    this.#students.set(me, student);
    response.on('close', () => {
      if (this.#students.get(me) === student) this.#students.delete(me);
    });
  }

  /** What a page says about itself. False: too often. Pages that do not listen are not counted. */
  report(report: Report, now: number): boolean {
    const student = this.#students.get(report.me);
    if (!student) return true;
    if (!student.allowance.take(now)) return false;
    student.report = report;
    return true;
  }

  /** Sends to everybody who listens. Who has not taken what came before has to connect anew. */
  send(text: string): void {
    for (const { response } of this.#students.values()) {
      response.write(text);
      if (response.writableLength > this.#limits.waiting) response.destroy();
    }
  }

  /** Relays that say nothing any more. */
  forget(now: number): void {
    for (const [relay, { at }] of this.#elsewhere) if (now - at > HOLDS_MS) this.#elsewhere.delete(relay);
  }

  hearOf(relay: string, counted: Counted, now: number): void {
    this.#elsewhere.set(relay, { counted, at: now });
  }

  /** Of this relay alone. */
  get own(): Counted {
    const students = [...this.#students.values()];
    const passed = new Map<string, number>();
    for (const { report } of students)
      if (report?.lesson === this.lesson) for (const check of new Set(report.passed)) passed.set(check, (passed.get(check) ?? 0) + 1);
    const following = students.filter(({ report }) => report?.following ?? true).length;
    return { here: students.length, following, passed: this.#most(passed) };
  }

  /** Of all relays. */
  get count(): Counted {
    let { here, following, passed: own } = this.own;
    const passed = new Map(Object.entries(own));
    for (const { counted } of this.#elsewhere.values()) {
      here += counted.here;
      following += counted.following;
      for (const [check, count] of Object.entries(counted.passed)) passed.set(check, (passed.get(check) ?? 0) + count);
    }
    return { here, following, passed: this.#most(passed) };
  }

  /** The checks that most have passed: a page can report any name, and the answer stays short. */
  #most(passed: ReadonlyMap<string, number>): Counted['passed'] {
    const sorted = [...passed].sort(([, one], [, other]) => other - one);
    return Object.fromEntries(sorted.slice(0, this.#limits.checks));
  }

  close(): void {
    for (const { response } of this.#students.values()) response.end();
    this.#students.clear();
  }
}
