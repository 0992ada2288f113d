/** `jobs`, `wait`, `fg` and `bg`. */
import { type Builtin, refuse } from './builtin.ts';
import { exitCode } from './children.ts';
import type { Job } from './jobs.ts';
import type { Shell } from './shell.ts';

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
  return last.ended === null ? 130 : exitCode(await last.children.at(-1)?.exited);
};

/** The job that is meant, or null and it is said that there is none. */
async function jobOf(shell: Shell, name: string, spec: string | undefined): Promise<Job | null> {
  const job = shell.jobs.find(spec);
  if (!job) await shell.complain(spec === undefined ? `${name}: No current job` : `${name}: No such job: ${spec}`);
  return job;
}

async function goOn(shell: Shell, job: Job): Promise<void> {
  if (job.state !== 'Stopped') return;
  await Promise.all(job.children.map(({ pid }) => shell.host.kill(pid, 'SIGCONT').catch(() => undefined)));
}

export const fg: Builtin = async (shell, [spec]) => {
  const job = await jobOf(shell, 'fg', spec);
  if (!job) return 2;
  await shell.print(`${job.text}\n`);
  await goOn(shell, job);
  const code = await shell.attend(job.children, job.text, job.piped, job);
  if (job.state !== 'Stopped') shell.jobs.forget(job);
  return code;
};

export const bg: Builtin = async (shell, [spec]) => {
  const job = await jobOf(shell, 'bg', spec);
  if (!job) return 2;
  if (job.state !== 'Stopped') return refuse(shell, `bg: job ${job.id} already in background`);
  await goOn(shell, job);
  await shell.print(`[${job.id}] ${job.text} &\n`);
  return 0;
};
