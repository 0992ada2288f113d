/** The command that was probably meant. */

/** The one of `names` that is nearest to what was typed, or null when none is near: one slip, from five letters on two. */
export function nearest(typed: string, names: readonly string[]): string | null {
  if (typed.length < 2) return null;
  const most = typed.length < 5 ? 1 : 2;
  let best: string | null = null;
  let least = most + 1;
  for (const name of names) {
    if (Math.abs(name.length - typed.length) > most) continue;
    // of two letters only their order can be wrong: everything else is as near to many
    if (typed.length === 2 && (name.length !== 2 || typed[0] !== name[1] || typed[1] !== name[0])) continue;
    const slips = distance(typed, name);
    if (slips < least) [best, least] = [name, slips];
  }
  return best;
}

/** Letters put in, left out, changed, or two neighbours in the wrong order. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1] ?? [];
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
