/** Which of uWSGI's options this uWSGI has: one table, made from the code itself, for a reference page and for tests. */
import { optionName, otherNames } from '../names.ts';
import { NO_EFFECT } from './no-effect.ts';
import { REAL_OPTIONS, type RealOption } from './real.ts';
import { whyRefused } from './refused.ts';
import { BUILT } from './table.ts';

export interface OptionSupport {
  readonly name: string;
  /** Other names for the same. */
  readonly others: readonly string[];
  /** The plugin that brings it, or `core`. */
  readonly home: RealOption['home'];
  readonly takes: RealOption['takes'];
  /** `no effect`: taken, and nothing comes of it. `refused`: an instance with it does not start. */
  readonly support: 'supported' | 'no effect' | 'refused';
  /** What it does here, why it has no effect, or why it is refused: empty when there is no more to say than that. */
  readonly sentence: string;
}

function describe(name: string): Pick<OptionSupport, 'support' | 'sentence'> {
  const built = Object.hasOwn(BUILT, name) ? BUILT[name] : undefined;
  if (built && name !== 'cheaper') return { support: 'supported', sentence: built.does };
  const idle = Object.hasOwn(NO_EFFECT, name) ? NO_EFFECT[name] : undefined;
  return idle ? { support: 'no effect', sentence: idle } : { support: 'refused', sentence: whyRefused(name) };
}

/** Every option of uWSGI 2.0.21 with the plugins python3 and http, by name; synonyms under the first of their names. */
export const OPTIONS: readonly OptionSupport[] = [...REAL_OPTIONS.values()]
  .filter(({ name }) => optionName(name) === name)
  .map(({ name, home, takes }) => ({ name, others: otherNames(name), home, takes, ...describe(name) }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
