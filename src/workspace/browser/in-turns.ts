/** At most so many things at once for each key; the others wait in line. */
export function inTurns(most: number): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { busy: number; readonly waiting: (() => void)[] }>();
  return async (key, work) => {
    const line = lines.get(key) ?? { busy: 0, waiting: [] };
    lines.set(key, line);
    if (line.busy >= most) await new Promise<void>((resolve) => line.waiting.push(resolve));
    else line.busy++;
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      // the place goes to the next in line
      if (next) next();
      else line.busy--;
    }
  };
}
