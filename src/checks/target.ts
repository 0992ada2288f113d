/** What a check looks at: the learner's sandbox in the page, or one on the Node host in the tests. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';

/** An HTTP answer, or why none came. */
export type Answer =
  | { readonly status: number; readonly headers: readonly (readonly [string, string])[]; readonly body: string }
  | { readonly failed: string };

/** Every method may reject: the sandbox may be gone. `signal` is aborted when nobody waits for the result any more. */
export interface CheckTarget {
  /** The text of a file; null when there is none. */
  readFile(path: string): Promise<string | null>;
  /** A GET request to the sandbox's port 80; `url` is path and query. */
  request(url: string, signal: AbortSignal): Promise<Answer>;
  /** Runs a command line in a shell of its own; `output` is all that it printed. */
  run(commandLine: string, signal: AbortSignal): Promise<{ readonly exit: number; readonly output: string }>;
  /** What has happened since the servers were started last. What an earlier run of them did says nothing about this one. */
  events(): readonly TraceEvent[];
  /** Files that were changed since the servers read them: what stands there is in force nowhere yet. */
  unread(): Promise<readonly string[]>;
}
