/** What private machines leave behind whose test was killed: their processes go with it, but not an empty folder and an empty group. */
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Removes from these folders what is `machine-` and the number of a process that is no more, as far as it is empty. */
export function sweep(folders: readonly string[]): void {
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const owner = /^machine-(\d+)-/.exec(name)?.[1];
      if (owner !== undefined && !existsSync(`/proc/${owner}`)) removeEmpty(join(folder, name));
    }
  }
}

function removeEmpty(folder: string): void {
  try {
    for (const one of readdirSync(folder, { withFileTypes: true })) if (one.isDirectory()) removeEmpty(join(folder, one.name));
    rmdirSync(folder);
  } catch {
    // somebody is in it, or somebody else has swept
  }
}
