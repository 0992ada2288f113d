/** Binary searches over sorted times, used wherever "how many by t" is asked many times a second. */

/** How many of the sorted `items` there are before the first for which `isBefore` does not hold. */
export function countWhile<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted `items` have a time at or before `t`. */
export function countUntil<T>(items: readonly T[], t: number, time: (item: T) => number): number {
  return countWhile(items, (item) => time(item) <= t);
}

/** The last of the sorted `items` whose time is at or before `t`. */
export function lastUntil<T>(items: readonly T[], t: number, time: (item: T) => number): T | undefined {
  return items[countUntil(items, t, time) - 1];
}

export const self = (value: number): number => value;
