/** What programs that list processes have in common. */
import type { ProcessInfo } from '../host/host.ts';

/** A process's name: of `nginx: worker process` and `/usr/bin/nginx -t` that is `nginx`. */
export function commandOf(process: ProcessInfo): string {
  return (process.title.split(/[:\s]/)[0] ?? '').replace(/^.*\//, '');
}
