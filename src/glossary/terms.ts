/** The words of the course, as data: for the glossary's page, for what a lesson's text explains on the spot, and for search. */
import { IIS_TERMS } from './terms/iis.ts';
import { MACHINE_TERMS } from './terms/machine.ts';
import { NETWORK_TERMS } from './terms/network.ts';
import { PROCESSES_TERMS } from './terms/processes.ts';
import { PYTHON_TERMS } from './terms/python.ts';
import type { Term } from './terms/term.ts';

export const TERMS: readonly Term[] = [...NETWORK_TERMS, ...PROCESSES_TERMS, ...PYTHON_TERMS, ...MACHINE_TERMS, ...IIS_TERMS];

/** What it is called, or done by, on the other side, and which side that is; null where there is nothing to say. */
export function counterpart({ iis, here }: Term): { readonly side: string; readonly says: string } | null {
  if (iis) return { side: 'In IIS', says: iis };
  return here ? { side: 'Here', says: here } : null;
}
