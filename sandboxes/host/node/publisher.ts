/** Starts the process that publishes a port of the machine, see publish.ts. */
import type { Kernel } from '../kernel.ts';

/**
 * Opens `port` of the machine on the loopback interface for `sandboxPort`; `programs` is the kernel's live set. Returns the
 * process that does it. Errors: the reason why the port cannot be opened.
 */
export async function publishPort(kernel: Kernel, programs: Set<string>, port: number, sandboxPort: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let errors = '';
  // Nobody in the sandbox may start this program: it exists for just this call.
  programs.add('publish');
  const { pid } = kernel.spawnOutside({
    program: 'publish',
    args: [String(port), String(sandboxPort)],
    write: (data, stream) => {
      if (stream === 1) resolve();
      else errors += new TextDecoder().decode(data);
    },
    exited: () => reject(new Error(errors.trim())),
  });
  programs.delete('publish');
  await promise;
  return pid;
}
