/** What systemctl says of jobs that did not work out, and its exit codes (bus-wait-for-jobs.c of systemd 252). */
import type { Result } from '../systemd/ended.ts';
import type { JobResult, Verb } from '../systemd/protocol.ts';

const REASONS: Readonly<Record<Result, string | null>> = {
  success: null,
  resources: 'of unavailable resources or another system error',
  protocol: 'the service did not take the steps required by its unit configuration',
  timeout: 'a timeout was exceeded',
  'exit-code': 'the control process exited with error code',
  signal: 'a fatal signal was delivered to the control process',
  'start-limit-hit': 'start of the service was attempted too often',
};

export interface Said {
  readonly text: string;
  readonly code: number;
}

/** Null when all is well. */
export function failureOf(verb: Verb, name: string, job: JobResult): Said | null {
  switch (job.job) {
    case 'done':
      return null;
    case 'canceled':
      return { text: `Job for ${name} canceled.`, code: 1 };
    case 'dependency':
      return { text: `A dependency job for ${name} failed. See 'journalctl -xe' for details.`, code: 1 };
    case 'inactive':
      return { text: `${name} is not active, cannot reload.`, code: 1 };
    case 'refused':
      return refusal(verb, name, job);
    case 'failed':
      return { text: failed(name, job.result), code: 1 };
  }
}

function failed(name: string, result: Result): string {
  const reason = REASONS[result];
  const because = reason === null ? '' : ` because ${reason}`;
  const see = `See "systemctl status ${name}" and "journalctl -xeu ${name}" for details.`;
  const more =
    result === 'start-limit-hit'
      ? `\nTo force a start use "systemctl reset-failed ${name}"\nfollowed by "systemctl start ${name}" again.`
      : '';
  return `Job for ${name} failed${because}.\n${see}${more}`;
}

function refusal(verb: Verb, name: string, { why, missing }: Extract<JobResult, { job: 'refused' }>): Said {
  if (why === 'not-found') {
    if (verb === 'reset-failed') return { text: `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.`, code: 1 };
    const unknown = verb === 'stop' ? `Unit ${missing ?? name} not loaded.` : `Unit ${missing ?? name} not found.`;
    return { text: `Failed to ${verb} ${name}: ${unknown}`, code: 5 };
  }
  const problem =
    why === 'bad-setting' ? `Unit ${name} has a bad unit file setting.` : `Job type reload is not applicable for unit ${name}.`;
  return { text: `Failed to ${verb} ${name}: ${problem}\nSee system logs and 'systemctl status ${name}' for details.`, code: 1 };
}

export const changedText = (name: string): string =>
  `Warning: The unit file, source configuration file or drop-ins of ${name} changed on disk. Run 'systemctl daemon-reload' to reload units.`;
