/** The second engine: the same sandbox on real Node, inside a WebContainer. Loaded only when somebody asks for it. */
import type { Files, Runtime, StartProgress } from '../runtime.ts';
import { WebContainerError } from './error.ts';

export { WebContainerError, type WebContainerReason } from './error.ts';

export interface WebContainerOptions {
  readonly files: Files;
  readonly onProgress?: (progress: StartProgress) => void;
  readonly signal?: AbortSignal;
  /** The site's key for commercial use of StackBlitz' service. */
  readonly apiKey?: string;
}

/**
 * Boots a container, puts the engine, Python and `files` into it and starts the engine. The page must be isolated, on top and
 * online, and the visitor must have agreed: that is for the caller to see to. Errors: WebContainerError; an Error when a file
 * of this site could not be loaded; the signal's reason. After an error nothing is left behind.
 */
export async function startWebContainer(_options: WebContainerOptions): Promise<Runtime> {
  throw new WebContainerError('boot-error', 'This engine is not built yet.');
}
