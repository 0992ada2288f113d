/** What the master writes into the log at SIGUSR1: its configuration, and what the workers have done so far. */
import type { Options } from './options.ts';
import type { Slot } from './slot.ts';

/** The lines. `args` are those of the command line. */
export function instanceReport(args: readonly string[], { given }: Options, slots: readonly Slot[]): string[] {
  const file = args[args.indexOf('--ini') + 1];
  const total = slots.reduce((sum, { tally }) => sum + tally.requests, 0);
  return [
    '',
    ';uWSGI instance configuration',
    '[uwsgi]',
    ...(args.includes('--ini') ? [`ini = ${file}`] : []),
    ...given.map(([name, value]) => `${name} = ${value ?? 'true'}`),
    ';end of configuration',
    '',
    `\tworkers total requests: ${total}`,
    RULE,
    ...slots.flatMap(({ worker, tally, appStartup }) => [
      ...(appStartup === null ? [] : [`\tworker ${worker} app 0 [] requests: ${tally.begun} exceptions: ${tally.exceptions}`]),
      RULE,
    ]),
    '',
  ];
}

const RULE = '-----------------';
