/** The model in words: its numbers, and the sentence that says what stands in the way of more. */
import type { Outcome, Plan, Served } from './plan.ts';
import { WORK } from './plan.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** Twelve and less in letters. */
const inWords = (n: number): string => NUMBERS[n] ?? String(n);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `1.5`, `12`: at most one place, none that is zero. */
export const rounded = (n: number): string => String(Math.round(n * 10) / 10);

/** `4 of 8 cores`: how many a server has in use, of how many there are. */
export const coresWords = ({ busyCores }: Served, cores: number): string =>
  `${rounded(busyCores)} of ${cores} ${cores === 1 ? 'core' : 'cores'}`;

/** What keeps the Python processes from serving more, and what would help. */
export function limitWords(plan: Plan, { best, python }: Outcome): string {
  const text = python.perSecond < best ? belowBest(plan) : atBest(plan);
  return plan.machines > 1 ? `${text} So it is on each of the ${inWords(plan.machines)} machines.` : text;
}

/** Some cores are idle, always or now and then. */
function belowBest({ cores, processes, page }: Plan): string {
  const one = processes === 1;
  if (page === 'waits')
    return one
      ? 'The one process waits for its database nine tenths of the time, and nobody else is there to use the core meanwhile. More processes help, even on one core.'
      : `${capital(inWords(processes))} processes wait for their database nine tenths of the time. More processes help, whatever the number of cores.`;
  const idle = cores - processes;
  const rest = `${inWords(idle)} ${idle === 1 ? 'is' : 'are'} idle.`;
  return one
    ? `One process uses one core: ${rest} More cores would change nothing, more processes would.`
    : `${capital(inWords(processes))} processes use ${inWords(processes)} cores: ${rest}`;
}

/** Every core is busy. */
function atBest({ cores, processes, page }: Plan): string {
  const { cpu, wait } = WORK[page];
  const tooMany = Math.floor(processes - (cores * (cpu + wait)) / cpu);
  const busy = cores === 1 ? 'The core is busy all the time.' : `All ${inWords(cores)} cores are busy all the time.`;
  if (tooMany === 0) return `${busy} Now a bigger machine helps, or another one, with processes to match.`;
  const they =
    tooMany === 1
      ? 'One process more than the cores can feed only takes'
      : `${capital(inWords(tooMany))} processes more than the cores can feed only take`;
  return `${busy} ${they} turns with the others, and ${tooMany === 1 ? 'costs' : 'cost'} memory.`;
}
