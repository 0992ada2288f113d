/**
 * Which of nginx's directives this nginx has: one table, made from the code itself, for a reference page and for tests.
 */
import { COMMANDS } from './directives/index.ts';
import { grammar } from './grammar.ts';
import { NO_EFFECT } from './no-effect.ts';

export interface DirectiveSupport {
  readonly name: string;
  /** `no effect`: checked as nginx checks it, and then nothing comes of it. `refused`: a configuration with it is not taken. */
  readonly support: 'supported' | 'no effect' | 'refused';
  /** What it does here, why it has no effect, or that it is refused. */
  readonly sentence: string;
  /** Where it may stand: `http`, `server`, `location` and so on. */
  readonly contexts: readonly string[];
}

const REFUSED = "Real nginx knows it; this sandbox's nginx does not, and says so.";

function describe(name: string): Pick<DirectiveSupport, 'support' | 'sentence'> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return { support: 'supported', sentence: command.does };
  const idle = Object.hasOwn(NO_EFFECT, name) ? NO_EFFECT[name] : undefined;
  return idle ? { support: 'no effect', sentence: idle.why } : { support: 'refused', sentence: REFUSED };
}

/** Every directive of nginx 1.22 with the stock modules, by name. */
export const DIRECTIVES: readonly DirectiveSupport[] = [...grammar()]
  .map(([name, forms]) => ({
    name,
    ...describe(name),
    contexts: [...new Set(forms.flatMap((form) => [...form.contexts]))].filter((context) => context !== 'elsewhere'),
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
