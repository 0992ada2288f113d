/** For tests: bad input made of good input, the same in every run. */

/** Numbers that look random and are the same every time (mulberry32). */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** One to four changes: bytes put in, taken out, doubled, or pieces of another text. */
export function mutate(text: string, other: string, tokens: readonly string[], next: (below: number) => number): string {
  let result = text;
  for (let changes = 1 + next(4); changes > 0; changes--) {
    const at = next(result.length + 1);
    const length = next(12);
    const [head, tail] = [result.slice(0, at), result.slice(at)];
    switch (next(6)) {
      case 0:
        result = head + String.fromCharCode(next(256)) + tail;
        break;
      case 1:
        result = head + tail.slice(length);
        break;
      case 2:
        result = head + tail.slice(0, length) + tail;
        break;
      case 3:
        result = head + (tokens[next(tokens.length)] ?? '') + tail;
        break;
      case 4:
        result = head + other.slice(next(other.length)).slice(0, 40) + tail;
        break;
      default:
        result = head;
    }
  }
  return result;
}
