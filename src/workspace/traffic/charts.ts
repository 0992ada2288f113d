/** What the charts of the traffic show, and what they say in words. */
import { duration } from '../../trace/text.ts';
import type { Second } from './seconds.ts';

export interface Line {
  readonly label: string;
  /** A design token, and a pattern: a line is never told by its colour alone. */
  readonly colour: `--${string}`;
  readonly dash: readonly number[];
  readonly value: (second: Second) => number | null;
}

export interface ChartSpec {
  readonly title: string;
  /** What a beginner reads out of it. */
  readonly meaning: string;
  readonly unit: 'count' | 'ms';
  readonly lines: readonly Line[];
  /** The last second, in words. */
  readonly say: (second: Second) => string;
}

const ms = (value: number | null): string => (value === null ? 'none' : duration(value));

export const CHARTS: readonly ChartSpec[] = [
  {
    title: 'Answers a second',
    meaning: 'Throughput: what gets done. When it stays flat though you send more, something is full.',
    unit: 'count',
    lines: [
      { label: 'answered', colour: '--status-ok', dash: [], value: ({ answers }) => answers },
      { label: 'failed or 5xx', colour: '--status-server-error', dash: [3, 3], value: ({ failed }) => failed },
    ],
    say: ({ answers, failed }) => `${answers} answered, ${failed} failed in the last second.`,
  },
  {
    title: 'Time to the answer',
    meaning: 'Latency: half of the visitors wait no longer than p50, 95 of 100 no longer than p95, 99 of 100 no longer than p99.',
    unit: 'ms',
    lines: [
      { label: 'p50', colour: '--status-ok', dash: [], value: ({ p50 }) => p50 },
      { label: 'p95', colour: '--status-wait', dash: [7, 3], value: ({ p95 }) => p95 },
      { label: 'p99', colour: '--status-server-error', dash: [2, 3], value: ({ p99 }) => p99 },
    ],
    say: ({ p50, p95, p99 }) => `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, of the last five seconds.`,
  },
  {
    title: 'Waiting in the queue',
    meaning: 'Requests that no worker has taken yet. A line that climbs means that more come than the workers get done.',
    unit: 'count',
    lines: [{ label: 'most at once', colour: '--status-wait', dash: [], value: ({ waiting }) => waiting }],
    say: ({ waiting }) => `${waiting} at once in the last second.`,
  },
  {
    title: 'Busy workers',
    meaning: 'When all of them are busy, whoever comes next must wait.',
    unit: 'count',
    lines: [
      { label: 'busy', colour: '--accent', dash: [], value: ({ busy }) => busy },
      { label: 'there are', colour: '--status-idle', dash: [3, 3], value: ({ workers }) => workers },
    ],
    say: ({ busy, workers }) => `${busy} of ${workers} at once in the last second.`,
  },
];
