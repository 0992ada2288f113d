/** ab's report: the same lines, widths and roundings as ApacheBench 2.3. */

/** One answered request, times in milliseconds. */
export interface Timing {
  readonly connect: number;
  /** From the end of the request to the first byte of the answer. */
  readonly wait: number;
  readonly total: number;
}

export interface Outcome {
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Bytes of the first answer's body; null when lengths do not matter (-l). */
  readonly length: number | null;
  readonly concurrency: number;
  /** Milliseconds. */
  readonly taken: number;
  readonly timings: readonly Timing[];
  readonly failed: { readonly connect: number; readonly receive: number; readonly length: number; readonly exceptions: number };
  readonly writeErrors: number;
  readonly not2xx: number;
  /** Answered over a kept connection; null without -k. */
  readonly kept: number | null;
  readonly received: number;
  readonly body: number;
  /** Bytes sent by requests with a body; null for requests without. */
  readonly sent: number | null;
}

export function reportText(outcome: Outcome): string {
  const { timings, failed, taken } = outcome;
  const done = timings.length;
  const seconds = taken / 1000;
  const bad = failed.connect + failed.receive + failed.length + failed.exceptions;
  const lines = [
    row('Server Software:', outcome.server),
    row('Server Hostname:', outcome.host),
    row('Server Port:', outcome.port),
    '',
    row('Document Path:', outcome.path),
    row('Document Length:', outcome.length === null ? 'Variable' : `${outcome.length} bytes`),
    '',
    row('Concurrency Level:', outcome.concurrency),
    row('Time taken for tests:', `${seconds.toFixed(3)} seconds`),
    row('Complete requests:', done),
    row('Failed requests:', bad),
  ];
  if (bad > 0)
    lines.push(`   (Connect: ${failed.connect}, Receive: ${failed.receive}, Length: ${failed.length}, Exceptions: ${failed.exceptions})`);
  if (outcome.writeErrors > 0) lines.push(row('Write errors:', outcome.writeErrors));
  if (outcome.not2xx > 0) lines.push(row('Non-2xx responses:', outcome.not2xx));
  if (outcome.kept !== null) lines.push(row('Keep-Alive requests:', outcome.kept));
  lines.push(row('Total transferred:', `${outcome.received} bytes`));
  if (outcome.sent !== null) lines.push(row('Total body sent:', outcome.sent));
  lines.push(row('HTML transferred:', `${outcome.body} bytes`));
  if (taken > 0 && done > 0) {
    const rate = (bytes: number): string => (bytes / 1024 / seconds).toFixed(2);
    lines.push(
      row('Requests per second:', `${(done / seconds).toFixed(2)} [#/sec] (mean)`),
      row('Time per request:', `${((outcome.concurrency * taken) / done).toFixed(3)} [ms] (mean)`),
      row('Time per request:', `${(taken / done).toFixed(3)} [ms] (mean, across all concurrent requests)`),
      row('Transfer rate:', `${rate(outcome.received)} [Kbytes/sec] received`),
    );
    if (outcome.sent !== null)
      lines.push(row('', `${rate(outcome.sent)} kb/s sent`), row('', `${rate(outcome.received + outcome.sent)} kb/s total`));
  }
  if (done > 0) lines.push('', ...connectionTimes(timings));
  if (done > 1) lines.push('', ...percentages(timings));
  return `${lines.join('\n')}\n`;
}

const row = (name: string, value: string | number): string => `${name.padEnd(24)}${value}`;

interface Summary {
  readonly min: number;
  readonly mean: number;
  readonly deviation: number;
  readonly median: number;
  readonly max: number;
}

function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? 0;
  const count = sorted.length;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / count;
  const squares = sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return {
    min: at(0),
    mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    median: count % 2 === 1 ? at((count - 1) / 2) : (at(count / 2) + at(count / 2 - 1)) / 2,
    max: at(count - 1),
  };
}

function connectionTimes(timings: readonly Timing[]): string[] {
  const parts = [
    ['Connect:', 'the initial connection time', timings.map(({ connect }) => connect)],
    ['Processing:', 'the processing time', timings.map(({ total, connect }) => total - connect)],
    ['Waiting:', 'the waiting time', timings.map(({ wait }) => wait)],
    ['Total:', 'the total time', timings.map(({ total }) => total)],
  ] as const;
  const summaries = parts.map(([name, what, values]) => ({ name, what, ...summary(values) }));
  const whole = (value: number, width: number): string => String(Math.round(value)).padStart(width);
  return [
    'Connection Times (ms)',
    '              min  mean[+/-sd] median   max',
    ...summaries.map(
      ({ name, min, mean, deviation, median, max }) =>
        `${name.padEnd(12)}${whole(min, 5)} ${whole(mean, 4)} ${deviation.toFixed(1).padStart(5)} ${whole(median, 6)} ${whole(max, 7)}`,
    ),
    ...summaries.flatMap(({ what, mean, median, deviation }) => doubt(what, Math.abs(mean - median), deviation)),
  ];
}

/** Said when the mean lies far from the median. */
function doubt(what: string, apart: number, deviation: number): string[] {
  if (apart > 2 * deviation)
    return [
      `ERROR: The median and mean for ${what} are more than twice the standard`,
      '       deviation apart. These results are NOT reliable.',
    ];
  if (apart > deviation)
    return [
      `WARNING: The median and mean for ${what} are not within a normal deviation`,
      '        These results are probably not that reliable.',
    ];
  return [];
}

function percentages(timings: readonly Timing[]): string[] {
  const sorted = timings.map(({ total }) => Math.round(total)).sort((a, b) => a - b);
  const rows = [50, 66, 75, 80, 90, 95, 98, 99].map(
    (percent) => `  ${percent}%  ${String(sorted[Math.floor((sorted.length * percent) / 100)] ?? 0).padStart(5)}`,
  );
  return [
    'Percentage of the requests served within a certain time (ms)',
    ...rows,
    ` 100%  ${String(sorted.at(-1) ?? 0).padStart(5)} (longest request)`,
  ];
}
