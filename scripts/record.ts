/**
 * Makes the recordings of the lessons: runs each scenario on the Node host, in real processes with real Python, and stores
 * the trace beside the lesson. `npm run record [-- which-worker]`.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceEvent, TraceHeader } from '../sandboxes/host/events.ts';
import { TRACE_VERSION } from '../sandboxes/host/events.ts';
import { buildEngine } from './build-engine.ts';
import { at } from './lib/paths.ts';
import { openSandbox, type ScriptSandbox } from './lib/sandbox.ts';
import { readScenario, type ScenarioStep, scenarioInputs } from './lib/scenario.ts';

const START_WITHIN_MS = 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The worker that began a request last and has not answered. */
function busyWorker(events: readonly TraceEvent[]): number {
  const busy = new Set<number>();
  for (const event of events) {
    if (event.type === 'wsgi.call') busy.add(event.pid);
    if (event.type === 'wsgi.return') busy.delete(event.pid);
  }
  const pid = [...busy].pop();
  if (pid === undefined) throw new Error('the scenario kills a busy worker, but none was busy');
  return pid;
}

async function play(steps: readonly ScenarioStep[], sandbox: ScriptSandbox): Promise<void> {
  const answers: Promise<unknown>[] = [];
  for (const step of steps) {
    if ('wait' in step) await sleep(step.wait);
    else if ('kill' in step) sandbox.kill(busyWorker(sandbox.events), 'SIGKILL');
    else for (let i = 0; i < step.count; i++) answers.push(sandbox.request(`http://localhost${step.send}`));
  }
  await Promise.all(answers);
}

async function record(folder: string): Promise<void> {
  const slug = (folder.split(/[\\/]/).pop() ?? '').replace(/^\d+-/, '');
  const sandbox = await openSandbox([join(folder, 'files')]);
  try {
    sandbox.spawn('uwsgi', ['--ini', '/srv/shop/uwsgi.ini']);
    sandbox.spawn('nginx', ['-g', 'daemon off;']);
    await sandbox.until((events) => events.filter(({ type }) => type === 'uwsgi.ready').length === 4, START_WITHIN_MS);
    await sleep(300);
    await play(readScenario(folder), sandbox);
    // The last events are on their way for a few milliseconds.
    await sleep(300);
    const header: TraceHeader = {
      v: TRACE_VERSION,
      kind: 'recording',
      lesson: slug,
      scenario: 'scenario.json',
      inputs: scenarioInputs(folder),
      made: new Date().toISOString(),
    };
    const rounded = sandbox.events.map((event) => ({ ...event, t: Math.round(event.t * 1000) / 1000 }));
    const file = join(folder, 'recording.ndjson');
    writeFileSync(file, [header, ...rounded].map((line) => `${JSON.stringify(line)}\n`).join(''));
    console.log(`${slug}: ${rounded.length} events`);
  } finally {
    sandbox.close();
  }
}

await buildEngine();
const [wanted] = process.argv.slice(2);
for (const lesson of readdirSync(at('lessons/en'))) {
  if (wanted === undefined || lesson.includes(wanted)) await record(at('lessons/en', lesson));
}
