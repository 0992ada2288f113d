/** The index as it is served: made once a build, named by its content, so that browsers may keep it. */
import { createHash } from 'node:crypto';
import MiniSearch from 'minisearch';
import { lessonsInOrder } from '../lesson/lessons.ts';
import { entriesOf } from './entries.ts';
import { OPTIONS } from './options.ts';

let made: Promise<{ readonly name: string; readonly text: string }> | null = null;

export function searchIndex(): Promise<{ readonly name: string; readonly text: string }> {
  // while one writes, the lessons change
  if (made === null || import.meta.env.DEV) made = makeIndex();
  return made;
}

async function makeIndex(): Promise<{ name: string; text: string }> {
  const index = new MiniSearch(OPTIONS);
  index.addAll(entriesOf(await lessonsInOrder()));
  const text = JSON.stringify(index);
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 16), text };
}
