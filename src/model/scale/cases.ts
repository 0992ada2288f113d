/** Steps through the model worth a look, from a small machine to several: the table that stands beneath it. */
import type { Plan } from './plan.ts';

export interface Case extends Plan {
  readonly label: string;
}

export const CASES: readonly Case[] = [
  { label: '1 core, 1 process', cores: 1, machines: 1, processes: 1, page: 'computes' },
  { label: '8 cores, 1 process', cores: 8, machines: 1, processes: 1, page: 'computes' },
  { label: '8 cores, 8 processes', cores: 8, machines: 1, processes: 8, page: 'computes' },
  { label: '8 cores, 16 processes', cores: 8, machines: 1, processes: 16, page: 'computes' },
  { label: '4 machines, 2 cores and 2 processes each', cores: 2, machines: 4, processes: 2, page: 'computes' },
  { label: '1 core, 1 process, and the page waits', cores: 1, machines: 1, processes: 1, page: 'waits' },
  { label: '1 core, 8 processes, and the page waits', cores: 1, machines: 1, processes: 8, page: 'waits' },
];
