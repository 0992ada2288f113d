/** A lesson's scenario: what is sent and broken, and when, to make its recording. And what a recording is made from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRACE_VERSION } from '../../sandboxes/host/events.ts';
import { at, filesBelow, shortHash } from './paths.ts';

export type ScenarioStep = { readonly send: string; readonly count: number } | { readonly wait: number } | { readonly kill: 'busy worker' };

/** The scenario in a lesson's folder. Errors name the file and the step. */
export function readScenario(folder: string): ScenarioStep[] {
  const file = join(folder, 'scenario.json');
  const steps: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(steps)) throw new Error(`${file}: a scenario is a list of steps`);
  return steps.map((step: unknown, index) => {
    if (!isStep(step)) throw new Error(`${file}: step ${index + 1} is none of {send, count}, {wait}, {kill: "busy worker"}`);
    return step;
  });
}

function isStep(step: unknown): step is ScenarioStep {
  if (typeof step !== 'object' || step === null) return false;
  if ('send' in step) return typeof step.send === 'string' && 'count' in step && typeof step.count === 'number';
  if ('wait' in step) return typeof step.wait === 'number';
  return 'kill' in step && step.kill === 'busy worker';
}

/** Hash of all that a recording depends on: scenario, files, trace version. Not the code: see the design. */
export function scenarioInputs(folder: string): string {
  const files = [join(folder, 'scenario.json'), ...filesBelow(join(folder, 'files')), ...filesBelow(at('sandboxes/server'))];
  return shortHash(String(TRACE_VERSION), ...files.map((file) => readFileSync(file, 'utf8')));
}
