/** What the servers and the learner's commands printed, as lines to read, and the complaints about files found in it. */
import { type Diagnostic, diagnose, type FileTexts } from './diagnostics.ts';

export interface LogLine {
  readonly id: number;
  readonly program: string;
  readonly text: string;
}

/** Lines that stay readable; the oldest go first. */
const KEPT_LINES = 1000;
/** Text that is searched for complaints: the last of it. */
const SEARCHED = 20_000;
const SETTLE_MS = 80;

export class ServerLog {
  /** What the servers printed. */
  lines = $state.raw<readonly LogLine[]>([]);
  diagnostics = $state.raw<readonly Diagnostic[]>([]);
  readonly #files: () => FileTexts;
  /** The unfinished line of every program. */
  readonly #tails = new Map<string, string>();
  #pending: LogLine[] = [];
  #searched = '';
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(files: () => FileTexts) {
    this.#files = files;
  }

  /** Takes output of a server. Lines appear a moment later, many at once. */
  print(program: string, text: string): void {
    const parts = ((this.#tails.get(program) ?? '') + text).split(/\r?\n/);
    this.#tails.set(program, parts.pop() ?? '');
    for (const part of parts) this.#pending.push({ id: this.#next++, program, text: part });
    this.search(text);
  }

  /** Looks for complaints in output that is shown somewhere else, such as the terminal's. */
  search(text: string): void {
    this.#searched = (this.#searched + text).slice(-SEARCHED);
    this.#timer ??= setTimeout(() => this.#settle(), SETTLE_MS);
  }

  /** The servers start anew: what was complained about before no longer counts. */
  forgetDiagnostics(): void {
    this.#searched = '';
    this.diagnostics = [];
  }

  #settle(): void {
    this.#timer = undefined;
    if (this.#pending.length) this.lines = [...this.lines, ...this.#pending].slice(-KEPT_LINES);
    this.#pending = [];
    const found = diagnose(this.#searched, this.#files());
    if (JSON.stringify(found) !== JSON.stringify(this.diagnostics)) this.diagnostics = found;
  }
}
