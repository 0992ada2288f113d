/** The learning platform as the lesson's page finds it: an object with functions in a window further out. */
import type { Dialect } from './dialects.ts';

/** Both versions have functions of texts alone, which answer with a text. */
type Api = Readonly<Record<string, (...args: readonly string[]) => unknown>>;

/** Windows further out than this are not asked; two or three are usual. */
const MOST_WINDOWS = 10;

/** The platform's object: in a window around this one, or around the one that opened this one. Null: there is none. */
export function findApi(here: Window, name: string): Api | null {
  return inAndAround(here, name) ?? (here.top ? openerOf(here.top, name) : null) ?? openerOf(here, name);
}

const openerOf = (one: Window, name: string): Api | null => {
  try {
    return one.opener ? inAndAround(one.opener as Window, name) : null;
  } catch {
    return null;
  }
};

function inAndAround(start: Window, name: string): Api | null {
  let one = start;
  for (let asked = 0; asked < MOST_WINDOWS; asked++) {
    try {
      const found: unknown = Reflect.get(one, name);
      if (typeof found === 'object' && found !== null) return found as Api;
    } catch {
      // a window of another site, which has nothing for us; the one around it may be the platform's again
    }
    if (one.parent === one) return null;
    one = one.parent;
  }
  return null;
}

export interface Platform {
  /** Begins the session; false when the platform refuses. */
  begin(): boolean;
  /** The empty text for what is not there. */
  get(element: string): string;
  set(element: string, value: string): void;
  commit(): boolean;
  end(): void;
}

/** The platform behind its object. `onRefusal` hears of what it did not take, in its own words. */
export function platform(api: Api, dialect: Dialect, onRefusal: (what: string, why: string) => void): Platform {
  const call = (name: string, ...args: readonly string[]): string => {
    const made = api[dialect.prefix + name];
    try {
      return made ? String(made.apply(api, [...args])) : 'false';
    } catch (error) {
      console.warn(`${dialect.prefix}${name}:`, error);
      return 'false';
    }
  };
  const code = (): string => call('GetLastError');
  const refused = (what: string): boolean => {
    const number = code();
    onRefusal(what, `${call('GetErrorString', number)} (error ${number})`);
    return false;
  };
  return {
    begin: () => call(dialect.begin, '') === 'true' || refused('the start'),
    get(element) {
      const value = call('GetValue', element);
      return value === 'false' || value === 'undefined' || value === 'null' ? '' : value;
    },
    set(element, value) {
      if (call('SetValue', element, value) !== 'true' && !dialect.unknown.includes(code())) refused(element);
    },
    commit: () => call('Commit', '') === 'true' || refused('your progress'),
    end: () => void call(dialect.end, ''),
  };
}
