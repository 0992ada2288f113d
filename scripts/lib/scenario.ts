/** A lesson's scenario: what is sent and broken, and when, to make its recording. And what a recording is made from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'astro/zod';
import { TRACE_VERSION } from '../../sandboxes/host/events.ts';
import type { LessonData } from '../../src/lesson/format.ts';
import { shownPath } from './lesson.ts';
import { at, filesBelow, fingerprint, shortHash } from './paths.ts';

const send = z.strictObject({
  send: z.string().startsWith('/').describe('Path and query. Nobody waits for the answer before the next step.'),
  count: z.int().min(1).max(64).describe('How many leave together.'),
  open: z.literal(true).optional().describe('They may have no answer when the recording ends.'),
});

/** By the field that names what is done. */
const forms = {
  send,
  wait: z.strictObject({ wait: z.number().min(0).describe('Milliseconds.') }),
  kill: z.strictObject({ kill: z.string().regex(/^(busy worker|worker [1-9]\d*)$/, 'Write "busy worker" or "worker 2"') }),
  run: z.strictObject({ run: z.string().min(1).describe('Command line for the shell, as root; the next step begins when it has ended.') }),
  restart: z.strictObject({ restart: z.literal(true).describe('Restart the servers, as the button does.') }),
  use: z.strictObject({
    use: z.literal('solution').describe('Lay the files of solution/ over those that are there; as the first step, before the start.'),
  }),
} as const;

export type ScenarioStep = { [K in keyof typeof forms]: z.infer<(typeof forms)[K]> }[keyof typeof forms];

/** The scenario in a lesson's folder. Errors name the file and the step. */
export function readScenario(folder: string): ScenarioStep[] {
  const path = join(folder, 'scenario.json');
  const file = shownPath(path);
  let steps: unknown;
  try {
    steps = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  if (!Array.isArray(steps) || steps.length === 0) throw new Error(`${file}: a scenario is a list of steps`);
  return steps.map((step: unknown, index) => {
    const fail = (why: string): never => {
      throw new Error(`${file}: step ${index + 1}: ${why}`);
    };
    const names = typeof step === 'object' && step !== null ? Object.keys(step) : [];
    const kind = Object.keys(forms).find((name): name is keyof typeof forms => names.includes(name));
    if (kind === undefined) return fail(`${JSON.stringify(step)} has none of ${Object.keys(forms).join(', ')}`);
    const { data, error } = forms[kind].safeParse(step);
    return data ?? fail((error?.issues ?? []).map(({ path: at, message }) => [...at, message].join(': ')).join('; '));
  });
}

/** The server's files; those of units matter only to a lesson that starts the supervisor. */
function serverFiles(start: LessonData['start']): string[] {
  const files = filesBelow(at('sandboxes/server'));
  const units = at('sandboxes/server/lib/systemd');
  return start.some(({ program }) => program === 'systemd') ? files : files.filter((file) => !file.startsWith(units));
}

/** Hash of all that a recording depends on: scenario, files, start commands, trace version. Not the code: see the design. */
export function scenarioInputs(folder: string, start: LessonData['start']): string {
  const usesSolution = readScenario(folder).some((step) => 'use' in step);
  const own = ['scenario.json', 'files', ...(usesSolution ? ['solution'] : [])].map((name) => join(folder, name));
  return shortHash(
    String(TRACE_VERSION),
    JSON.stringify(start.map(({ program, args }) => ({ program, args }))),
    // A lesson's number is no part of it: its folder may be renamed.
    fingerprint(own, folder),
    fingerprint(serverFiles(start)),
  );
}
