/**
 * Which engine the learner chose, and whether the page may contact StackBlitz for it: kept for all lessons and later visits
 * where the browser allows it. What stands in storage may be of another version or another hand: only what has the right form counts.
 */
import type { Engine } from '../runtime/open.ts';
import type { KeptTexts } from './drafts.ts';

export const KEY = 'ftr:engine';
const VERSION = 1;

export interface EngineChoice {
  /** Null: never chosen, the site's setting decides. */
  readonly engine: Engine | null;
  /** The answer to whether stackblitz.com may be contacted; null: not asked, or taken back. */
  readonly contact: 'yes' | 'no' | null;
}

const NOTHING: EngineChoice = { engine: null, contact: null };

export class KeptChoice {
  readonly #storage: KeptTexts | null;
  #now: EngineChoice = NOTHING;
  /** False when the choice will be gone with the page. */
  lasting: boolean;

  constructor(storage: KeptTexts | null) {
    this.#storage = storage;
    this.lasting = storage !== null;
  }

  /** As another tab may have left it by now. */
  get now(): EngineChoice {
    if (this.lasting) this.#now = this.#read() ?? this.#now;
    return this.#now;
  }

  /** Changes a part of it. */
  set(change: Partial<EngineChoice>): void {
    this.#now = { ...this.now, ...change };
    if (!this.lasting) return;
    try {
      this.#storage?.setItem(KEY, JSON.stringify({ version: VERSION, ...this.#now }));
    } catch {
      this.lasting = false;
    }
  }

  /** Null where it cannot be read, or a newer site wrote it, which must not be written over. */
  #read(): EngineChoice | null {
    try {
      const choice = choiceIn(this.#storage?.getItem(KEY) ?? null);
      this.lasting = choice !== null;
      return choice;
    } catch {
      this.lasting = false;
      return null;
    }
  }
}

/** The choice in a stored text; null when a newer site wrote it. */
function choiceIn(text: string | null): EngineChoice | null {
  const stored = parse(text);
  if (typeof stored !== 'object' || stored === null || !('version' in stored)) return NOTHING;
  const { version, engine, contact }: { version: unknown; engine?: unknown; contact?: unknown } = stored;
  if (version !== VERSION) return typeof version === 'number' && version > VERSION ? null : NOTHING;
  return {
    // without a yes there is nothing to run there
    engine: engine === 'embedded' || (engine === 'webcontainer' && contact === 'yes') ? engine : null,
    contact: contact === 'yes' || contact === 'no' ? contact : null,
  };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
