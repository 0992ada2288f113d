/** Saves the learner's work as a zip on their machine. */
import { download } from '../../components/download.ts';
import { loadWheels } from '../../runtime/engine-files.ts';
import { bundledRepository } from '../../runtime/repository.ts';
import type { StartCommand } from '../servers.ts';
import type { Session } from '../session.svelte.ts';
import { lessonFiles } from '../tree.ts';
import { deployable } from './deployable.ts';
import { environmentsIn } from './environments.ts';
import { pack } from './pack.ts';

/** Returns the file's name. Errors: those of the sandbox, and of wheels that cannot be fetched. */
export async function downloadZip(
  session: Session,
  title: string,
  start: readonly StartCommand[],
  wheels: readonly string[],
): Promise<string> {
  const { slug } = session;
  const [changes, files] = await Promise.all([session.work(), lessonFiles(slug)]);
  // who has made no environment needs none of them
  const wanted = environmentsIn(Object.keys(changes)).length > 0 ? wheels.filter((set) => set !== 'pip') : [];
  const wheelhouse = await loadWheels(wanted, () => {});
  const zip = pack(deployable({ slug, title, start, files, changes, wheelhouse, repository: bundledRepository() }));
  const name = `shop-${slug}.zip`;
  download(name, 'application/zip', zip as Uint8Array<ArrayBuffer>);
  return name;
}
