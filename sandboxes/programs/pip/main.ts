/** pip: the real one, on the sandbox's Python. In a virtual environment its own `bin/pip` comes first. */
import type { Host } from '../../host/host.ts';
import { runPython } from '../python3/run.ts';

export default function pip(host: Host): Promise<number> {
  return runPython(host, { work: { kind: 'module', name: 'pip' }, args: host.args, executable: null, quiet: false });
}
