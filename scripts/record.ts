/**
 * Makes the recordings of the lessons: runs each scenario on the Node host and stores the trace beside the lesson.
 * `npm run record [-- which-worker]`.
 */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TraceHeader } from '../sandboxes/host/events.ts';
import { TRACE_VERSION } from '../sandboxes/host/events.ts';
import { buildEngine } from './build-engine.ts';
import { lessonFolders, readLesson, shownPath } from './lib/lesson.ts';
import { record } from './lib/recorder.ts';
import { readScenario, scenarioInputs } from './lib/scenario.ts';

async function recordLesson(folder: string): Promise<void> {
  const { slug, data } = readLesson(folder);
  const scenario = readScenario(folder);
  const events = await record(folder, data, scenario).catch((error: Error) => {
    throw new Error(`${shownPath(join(folder, 'scenario.json'))}: ${error.message}`);
  });
  const header: TraceHeader = {
    v: TRACE_VERSION,
    kind: 'recording',
    lesson: slug,
    scenario: 'scenario.json',
    inputs: scenarioInputs(folder, data.start),
    made: new Date().toISOString(),
  };
  writeFileSync(join(folder, 'recording.ndjson'), [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
  console.log(`${slug}: ${events.length} events`);
}

try {
  await buildEngine();
  const [wanted = ''] = process.argv.slice(2);
  const folders = lessonFolders().filter((folder) => basename(folder).includes(wanted));
  if (folders.length === 0) throw new Error(`No lesson's folder has ${wanted} in its name.`);
  for (const folder of folders) await recordLesson(folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
