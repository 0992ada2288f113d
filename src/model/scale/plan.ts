/** A site that grows, in three ways: what it serves with Python processes, and what ASP.NET would on the same machines. */
import { type Doing, runMachine, type Work } from './machine.ts';

/** What visitors ask for: a page that computes, or one that mostly waits. */
export type Page = 'computes' | 'waits';

export interface Plan {
  /** Of each machine. */
  readonly cores: number;
  /** With a balancer before them, when there is more than one. */
  readonly machines: number;
  /** uWSGI processes on each machine, one thread each. */
  readonly processes: number;
  readonly page: Page;
}

/** How far each slider goes; the least is 1. */
export const MOST = { cores: 16, machines: 4, processes: 16 } as const;

export const WORK: Readonly<Record<Page, Work>> = {
  computes: { cpu: 100, wait: 0 },
  waits: { cpu: 10, wait: 90 },
};

export interface Served {
  readonly perSecond: number;
  /** Of all machines together; a mean, so it need not be whole. */
  readonly busyCores: number;
}

export interface Outcome {
  readonly python: Served;
  /** One w3wp.exe on each machine, with as many threads as it has a use for. */
  readonly dotnet: Served;
  /** What this hardware could serve with every core busy. */
  readonly best: number;
  /** Of all machines. */
  readonly cores: number;
  /** What the Python processes of one machine are doing, at one moment. */
  readonly doing: readonly Doing[];
}

/** So many requests at once keep every core of a machine busy. */
const enoughThreads = (cores: number, { cpu, wait }: Work): number => Math.ceil((cores * (cpu + wait)) / cpu);

/** Machines are alike and the balancer gives each as much as it can take, so one of them is run and counted as often as there are machines. */
export function grow({ cores, machines, processes, page }: Plan): Outcome {
  const work = WORK[page];
  const python = runMachine(cores, processes, work);
  const dotnet = runMachine(cores, enoughThreads(cores, work), work);
  const all = ({ perSecond, busyCores }: Served): Served => ({ perSecond: perSecond * machines, busyCores: busyCores * machines });
  return {
    python: all(python),
    dotnet: all(dotnet),
    best: (cores * machines * 1000) / work.cpu,
    cores: cores * machines,
    doing: python.doing,
  };
}
