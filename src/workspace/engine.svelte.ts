/**
 * Where a session's sandbox runs: which engine is wanted, whether its maker may be contacted, and why it is another one than
 * was wanted. The choice is kept; a fallback is not, it lasts until the page is left or WebContainer is chosen again.
 */
import { engineSetting } from '../runtime/engine-setting.ts';
import { type Engine, type Environment, environmentHere, type NotOffered, type Why, whyNotWebContainer } from '../runtime/open.ts';
import { orAborted } from '../runtime/or-aborted.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { openStorage } from './drafts.ts';
import { type EngineChoice, KeptChoice } from './engine-choice.ts';
import { loadSandbox, type SandboxOptions } from './sandbox.ts';

/** What the site's builder decided, see README. */
const SETTING = engineSetting(import.meta.env.PUBLIC_WEBCONTAINER);

/** WebContainer was wanted, and the embedded engine runs. */
export interface Fallback {
  readonly why: Exclude<Why, 'ok' | 'off'>;
  readonly detail: string;
}

export class EngineChooser {
  /** Where the next sandbox is to run. */
  wanted = $state<Engine>('embedded');
  /** The engine that is starting. */
  opening = $state<Engine | null>(null);
  fallback = $state.raw<Fallback | null>(null);
  choice = $state.raw<EngineChoice>({ engine: null, contact: null });
  /** Why WebContainer is not offered here. */
  whyNot = $state<NotOffered | null>(SETTING === 'off' ? 'off' : null);
  /** How long the last start of an engine with its servers took, in milliseconds, by engine. */
  took = $state.raw<Partial<Record<Engine, number>>>({});
  /** Asks the learner whether stackblitz.com may be contacted; the page sets it. */
  ask: () => Promise<boolean> = async () => false;

  readonly #kept = new KeptChoice(openStorage());
  #giveUp = new AbortController();
  /** The start whose servers are not up yet. */
  #begun: { readonly engine: Engine; readonly at: number } | null = null;

  /** Looks what the page allows and what was chosen. Not in the constructor: that also runs where the page is built. */
  begin(): void {
    this.look();
    const preferred = SETTING === 'default' && this.whyNot === null && this.choice.contact !== 'no' ? 'webcontainer' : 'embedded';
    this.wanted = this.choice.engine ?? preferred;
  }

  /** Looks again: the network comes and goes, and another tab may have chosen. */
  look(): void {
    this.choice = this.#kept.now;
    this.whyNot = whyNotWebContainer(environmentHere(SETTING));
  }

  /** The learner chose where the next sandbox runs. */
  choose(engine: Engine): void {
    this.wanted = engine;
    this.fallback = null;
    this.#keep({ engine });
  }

  /** The learner's answer to whether stackblitz.com may be contacted. */
  answer(contact: 'yes' | 'no'): void {
    this.#keep(contact === 'yes' ? { contact } : { contact, engine: 'embedded' });
  }

  /** The learner takes a yes back. */
  revoke(): void {
    this.#keep({ contact: null, engine: 'embedded' });
    this.wanted = 'embedded';
  }

  /** False when the choice and the answer are gone with the page. */
  get lasting(): boolean {
    return this.#kept.lasting;
  }

  /** The learner does not want to wait for WebContainer any more. */
  cancel(): void {
    this.#giveUp.abort(new Error('Another engine is wanted.'));
  }

  /** From here on the embedded engine is used. */
  fallBack(fallback: Fallback): void {
    this.fallback = fallback;
    this.wanted = 'embedded';
  }

  /** The servers run. */
  isUp(): void {
    if (this.#begun) this.took = { ...this.took, [this.#begun.engine]: performance.now() - this.#begun.at };
    this.#begun = null;
  }

  /** They will not, in this start: the time until the next one is the learner's. */
  hasFailed(): void {
    this.#begun = null;
  }

  /** Opens the sandbox in the wanted engine, or in the embedded one. Throws LoadError, or the reason of the signal. */
  async open(options: Omit<SandboxOptions, 'prefer' | 'environment' | 'onEngine' | 'giveUp'>): Promise<Runtime> {
    if (this.wanted === 'webcontainer') this.fallback = null;
    this.#giveUp = new AbortController();
    const environment = environmentHere(SETTING);
    if (this.wanted === 'webcontainer' && !(await orAborted(this.#mayContact(environment), options.signal))) this.wanted = 'embedded';
    try {
      const opened = await loadSandbox({
        ...options,
        prefer: this.wanted,
        environment,
        giveUp: this.#giveUp.signal,
        onEngine: (engine) => {
          this.opening = engine;
          this.#begun = { engine, at: performance.now() };
        },
      });
      const { runtime, why, detail } = opened;
      if (this.wanted === 'webcontainer' && why !== 'ok' && why !== 'off') this.fallBack({ why, detail });
      return runtime;
    } finally {
      this.opening = null;
    }
  }

  /** Asks where nobody has answered; a page where WebContainer cannot run has nothing to ask. */
  async #mayContact(environment: Environment): Promise<boolean> {
    if (whyNotWebContainer(environment) !== null || this.#kept.now.contact === 'yes') return true;
    return this.ask();
  }

  #keep(change: Partial<EngineChoice>): void {
    this.#kept.set(change);
    this.choice = this.#kept.now;
  }
}
