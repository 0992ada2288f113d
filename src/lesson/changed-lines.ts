/** The lines of a text that an earlier one has not, in order and without empty ones: what was written to get from one to the other. */
export function newLines(before: string, after: string): string[] {
  const left = before.split('\n');
  return after.split('\n').filter((line) => {
    if (line.trim() === '') return false;
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
