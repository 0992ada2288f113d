/**
 * Makes the recordings of the lessons: runs each scenario on the Node host and stores the trace beside the lesson.
 * `npm run record [-- which-worker]`. With `--real` it plays the scenario to the real servers of this machine, where these are installed:
 * the second recording of the lessons that have one (or that are named).
 */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TraceHeader } from '../sandboxes/host/events.ts';
import { TRACE_VERSION } from '../sandboxes/host/events.ts';
import { buildEngine } from './build-engine.ts';
import { lessonFolders, readLesson, shownPath } from './lib/lesson.ts';
import { record } from './lib/recorder.ts';
import { readScenario, scenarioInputs } from './lib/scenario.ts';
import { whyNotReal } from './real/installed.ts';
import { REAL_FILE, recordReal } from './real/recording/play.ts';

async function recordLesson(folder: string, isReal: boolean): Promise<void> {
  const { slug, data } = readLesson(folder);
  const scenario = readScenario(folder);
  const recording = isReal ? recordReal(folder, data.start, scenario) : record(folder, data, scenario).then((events) => ({ events }));
  const { events, ...more } = await recording.catch((error: Error) => {
    throw new Error(`${shownPath(join(folder, 'scenario.json'))}: ${error.message}`);
  });
  const header: TraceHeader = {
    v: TRACE_VERSION,
    kind: 'recording',
    lesson: slug,
    scenario: 'scenario.json',
    inputs: scenarioInputs(folder, data.start),
    made: new Date().toISOString(),
    ...more,
  };
  writeFileSync(
    join(folder, isReal ? REAL_FILE : 'recording.ndjson'),
    [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  console.log(`${slug}: ${events.length} events`);
}

try {
  const isReal = process.argv.includes('--real');
  const [wanted = ''] = process.argv.slice(2).filter((arg) => arg !== '--real');
  const found = lessonFolders().filter((folder) => basename(folder).includes(wanted));
  if (found.length === 0) throw new Error(`No lesson's folder has ${wanted} in its name.`);
  const why = isReal ? whyNotReal() : null;
  if (why) throw new Error(`There are no real servers to record: ${why}.`);
  if (!isReal) await buildEngine();
  const folders = isReal && wanted === '' ? found.filter((folder) => existsSync(join(folder, REAL_FILE))) : found;
  for (const folder of folders) await recordLesson(folder, isReal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
