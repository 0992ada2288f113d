/** What the directives' own files share. */
import { BadTemplate, type Template, template } from '../../variables.ts';
import { DEFAULTS } from '../defaults.ts';
import type { Place } from '../error.ts';
import type { Location, LocationKind, Settings } from '../model.ts';
import type { Call, Command, Scope } from '../parser.ts';
import type { Value } from '../values.ts';

/** nginx takes most directives once on a level. */
export function once({ parser, scope, name }: Call): void {
  if (scope.seen.has(name)) throw parser.error(`"${name}" directive is duplicate`);
  scope.seen.add(name);
}

/** Compile text with variables. Throws ConfigError. */
export function compile({ parser }: Pick<Call, 'parser'>, text: string, kind: 'value' | 'args' = 'value'): Template {
  try {
    return template(text, parser.config.variables, kind);
  } catch (error) {
    if (error instanceof BadTemplate) throw parser.error(error.message);
    throw error;
  }
}

/** Names of the settings whose values are of a type. */
type KeysOf<T> = { [K in keyof Settings]: Settings[K] extends T ? (T extends Settings[K] ? K : never) : never }[keyof Settings];

const put = (scope: Scope, key: keyof Settings, value: Value): void => void Object.assign(scope.own, { [key]: value });

/** A directive whose value, as nginx's general readers give it, is a setting of http, server and location. */
export const flag = (key: KeysOf<boolean>, does: string): Command => ({ does, set: ({ scope, value }) => put(scope, key, value) });
export const amount = (key: KeysOf<number>, does: string): Command => ({ does, set: ({ scope, value }) => put(scope, key, value) });
export const text = (key: KeysOf<string>, does: string): Command => ({ does, set: ({ scope, value }) => put(scope, key, value) });

/** A directive that takes one of some words. */
export function word<K extends keyof Settings>(key: K, words: readonly (Settings[K] & string)[], does: string): Command {
  return {
    does,
    set: (call) => {
      once(call);
      const found = words.find((one) => one === call.args[0]?.toLowerCase());
      if (found === undefined) throw call.parser.error(`invalid value "${call.args[0]}"`);
      call.scope.own[key] = found;
    },
  };
}

/** A level of the configuration with nothing said in it yet. */
export function newLocation(
  kind: LocationKind,
  place: Place | null,
  more: { label?: string; pattern?: string; regex?: RegExp | null } = {},
): Location {
  return {
    kind,
    label: more.label ?? '',
    pattern: more.pattern ?? '',
    regex: more.regex ?? null,
    place,
    own: {},
    children: [],
    variants: [],
    rules: [],
    content: null,
    tryFiles: null,
    limitExcept: null,
    autoRedirect: false,
    settings: DEFAULTS,
  };
}

/** The scope of a block that is a level of its own. */
export function inside(scope: Scope, context: Scope['context'], location: Location): Scope {
  return { context, own: location.own, server: scope.server, location, group: null, seen: new Set() };
}
