/** Where the parts of the three drawings stand: numbers only. Each drawing is 104 wide and 128 high and stands on its ground line. */

export const WIDTH = 104;
export const HEIGHT = 128;
export const GROUND = 124;

/** Core or process: size of its field, and how many stand in a row. */
const FIELD = 20;
const IN_A_ROW = 4;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A wall around so many fields, in the middle and on the ground. */
export function boxAround(fields: number): Box {
  const width = Math.min(fields, IN_A_ROW) * FIELD + 14;
  const height = Math.ceil(fields / IN_A_ROW) * FIELD + 14;
  return { x: (WIDTH - width) / 2, y: GROUND - height, width, height };
}

/** Middles of the first so many fields of a box, row by row from the top. */
export function fieldsIn(box: Box, fields: number): readonly (readonly [x: number, y: number])[] {
  return Array.from({ length: fields }, (_, index) => [
    box.x + 7 + FIELD * ((index % IN_A_ROW) + 0.5),
    box.y + 7 + FIELD * (Math.floor(index / IN_A_ROW) + 0.5),
  ]);
}

/** Machines beside each other on the ground, beneath a balancer. */
export function machinesRow(machines: number): readonly Box[] {
  const [width, gap, height] = [20, 6, 44];
  const left = (WIDTH - machines * width - (machines - 1) * gap) / 2;
  return Array.from({ length: machines }, (_, index) => ({ x: left + index * (width + gap), y: GROUND - height, width, height }));
}

/** How much of core number `index` is in use when the first ones are filled first: 0 to 1. */
export const useOf = (index: number, busyCores: number): number => Math.min(1, Math.max(0, busyCores - index));
