/** Saves the learner's work as a zip on their machine. */
import { download } from '../../components/download.ts';
import type { StartCommand } from '../servers.ts';
import type { Session } from '../session.svelte.ts';
import { lessonFiles } from '../tree.ts';
import { deployable } from './deployable.ts';
import { pack } from './pack.ts';

/** Returns the file's name. Errors: those of the sandbox. */
export async function downloadZip(
  session: Session,
  title: string,
  start: readonly StartCommand[],
  wheels: readonly string[],
): Promise<string> {
  const { slug } = session;
  const [changes, files] = await Promise.all([session.work(), lessonFiles(slug)]);
  const zip = pack(deployable({ slug, title, start, wheels, files, changes }));
  const name = `shop-${slug}.zip`;
  download(name, 'application/zip', zip as Uint8Array<ArrayBuffer>);
  return name;
}
