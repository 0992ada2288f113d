/** Binary searches over sorted times, used wherever "how many by t" is asked many times a second. */

/** How many of the sorted `items` have a time at or before `t`. */
export function countUntil<T>(items: readonly T[], t: number, time: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time(items[middle] as T) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of the sorted `items` whose time is at or before `t`. */
export function lastUntil<T>(items: readonly T[], t: number, time: (item: T) => number): T | undefined {
  return items[countUntil(items, t, time) - 1];
}

export const self = (value: number): number => value;
