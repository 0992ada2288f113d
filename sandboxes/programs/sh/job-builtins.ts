/** `jobs`, `wait`, `fg` and `bg`. */
import { type Builtin, refuse } from './builtin.ts';
import { exitCode } from './children.ts';

export const jobs: Builtin = async (shell) => {
  for (const job of shell.jobs.all) await shell.print(shell.jobs.line(job));
  return 0;
};

/** Waits for a job, or all of them; with Ctrl-C the jobs go on and the wait ends. */
export const wait: Builtin = async (shell, specs) => {
  const jobs = specs.length === 0 ? shell.jobs.all : specs.map((spec) => shell.jobs.find(spec));
  await shell.until(Promise.all(jobs.map((job) => job?.done)));
  if (specs.length === 0) return 0;
  const last = jobs.at(-1);
  if (!last) {
    if (specs.at(-1)?.startsWith('%')) await shell.complain(`wait: No such job: ${specs.at(-1)}`);
    return 127;
  }
  return last.state === 'Running' ? 130 : exitCode(await last.children.at(-1)?.exited);
};

export const fg: Builtin = async (shell, [spec]) => {
  const job = shell.jobs.find(spec);
  if (!job) return refuse(shell, spec === undefined ? 'fg: No current job' : `fg: No such job: ${spec}`);
  await shell.print(`${job.text}\n`);
  const code = await shell.attend(job.children, job.text);
  shell.jobs.forget(job);
  return code;
};

export const bg: Builtin = (shell) => refuse(shell, 'bg: No current job');
