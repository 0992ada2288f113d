/** The messages of the protocol, made and read on both sides. Whatever arrives may be of another hand: what does not fit is null. */
import { isObject } from '../is-object.ts';
import {
  type Code,
  type Detail,
  EVENTS,
  type EventName,
  isEvent,
  isMethod,
  METHODS,
  type MethodName,
  NAME,
  RESULTS,
  Refusal,
  VERSION,
} from './protocol.ts';
import { fitted, misfit } from './shape.ts';

type Body = Readonly<Record<string, unknown>>;

/** A message that goes out. */
export const message = (body: Body): Body => ({ ns: NAME, v: VERSION, ...body });

export const HELLO_WANTED = message({ event: 'hello?' });
export const HELLO = message({ hello: true });
/** Said in place of `hello?` by the page that stands where no lesson is. */
export const NO_LESSON = message({ event: 'no-lesson' });

/** What arrives, when it is of this protocol, whatever its version. */
export const ours = (data: unknown): Body | null => (isObject(data) && data['ns'] === NAME ? data : null);

const ofVersion = (data: unknown): Body | null => (ours(data)?.['v'] === VERSION ? (data as Body) : null);

export const isHello = (data: unknown): boolean => ofVersion(data)?.['hello'] === true;

export interface Told<E extends EventName = EventName> {
  readonly event: E;
  readonly detail: Detail<E>;
}

/** An event, as the host reads it. */
export function readEvent(data: unknown): Told | null {
  const body = ofVersion(data);
  const event = body?.['event'];
  if (!body || !isEvent(event)) return null;
  const detail = fitted(EVENTS[event], body['detail']);
  return detail && { event, detail: detail as Told['detail'] };
}

export interface Call {
  readonly id: number;
  readonly method: MethodName;
  readonly args: readonly unknown[];
}

/** What is wrong with a call, in words; null when nothing is. Both sides ask. */
export function problemOf(method: unknown, args: readonly unknown[]): Refusal | null {
  if (!isMethod(method))
    return new Refusal('unknown-method', `There is no method ${method}; there are ${Object.keys(METHODS).join(', ')}.`);
  const fields = Object.entries(METHODS[method]);
  const wrong = fields.flatMap(([name, kind], at) => misfit(name, kind, args[at]) ?? []);
  if (args.length > fields.length) wrong.push(`it takes ${fields.length || 'no'} argument${fields.length === 1 ? '' : 's'}`);
  return wrong[0] === undefined
    ? null
    : new Refusal('bad-arguments', `${method}(${fields.map(([name]) => name).join(', ')}): ${wrong[0]}.`);
}

/** A call, as the lesson reads it; a refusal has the call's id. Null: not even that. */
export function readCall(data: unknown): Call | { readonly id: number; readonly refusal: Refusal } | null {
  const body = ofVersion(data);
  const { id, call, args } = body ?? {};
  if (typeof id !== 'number' || call === undefined) return null;
  const list = Array.isArray(args) ? args : [];
  const refusal = problemOf(call, list);
  return refusal ? { id, refusal } : { id, method: call as MethodName, args: list };
}

/** The answer to a call, as the host reads it, which knows what it asked. */
export function readReply(
  data: unknown,
  asked: (id: number) => MethodName | undefined,
): { readonly id: number; readonly value: unknown } | null {
  const body = ofVersion(data);
  const { reply: id, value, error } = body ?? {};
  if (typeof id !== 'number') return null;
  const method = asked(id);
  if (!method) return null;
  if (isObject(error)) return { id, value: new Refusal(String(error['code']) as Code, String(error['message'])) };
  if (!(method in RESULTS)) return { id, value: undefined };
  const fits = fitted(RESULTS[method as keyof typeof RESULTS], value);
  return { id, value: fits ?? new Refusal('bad-answer', `The lesson's answer to ${method} is not of this protocol.`) };
}
