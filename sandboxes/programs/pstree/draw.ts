/** Draws a tree of processes: `nginx─┬─sh` and below it `      └─4*[uwsgi]`, as pstree(1) does. */

export interface Branch {
  readonly text: string;
  readonly children: readonly Branch[];
}

export interface Lines {
  /** To an only child, to the first of several, to those between, to the last, and past them. */
  readonly only: string;
  readonly first: string;
  readonly next: string;
  readonly last: string;
  readonly past: string;
}

export const UNICODE: Lines = { only: '───', first: '─┬─', next: ' ├─', last: ' └─', past: ' │ ' };
export const PLAIN: Lines = { only: '---', first: '-+-', next: ' |-', last: ' `-', past: ' | ' };

interface Way {
  /** Equal children are drawn once, with their number. */
  readonly compact: boolean;
  /** Each process on a line of its own, children below their parent. */
  readonly down: boolean;
}

export function drawn(root: Branch, lines: Lines, way: Way): string {
  return way.down ? below(root, lines).join('\n').concat('\n') : beside(root, lines, way.compact).join('\n').concat('\n');
}

/** A child with how many there are of it. */
interface Counted {
  readonly branch: Branch;
  readonly count: number;
}

function counted(children: readonly Branch[], compact: boolean): Counted[] {
  if (!compact) return children.map((branch) => ({ branch, count: 1 }));
  const groups = new Map<string, { branch: Branch; count: number }>();
  for (const branch of children) {
    const key = JSON.stringify(branch);
    const group = groups.get(key);
    if (group) group.count++;
    else groups.set(key, { branch, count: 1 });
  }
  return [...groups.values()];
}

/** The rows of a tree whose children begin beside their parent; the first row begins with the parent. */
function beside(branch: Branch, lines: Lines, compact: boolean): string[] {
  const children = counted(branch.children, compact);
  const space = ' '.repeat(Array.from(branch.text).length);
  if (children.length === 0) return [branch.text];
  return children.flatMap(({ branch: child, count }, i) => {
    const rows = bracketed(beside(child, lines, compact), count);
    const isLast = i === children.length - 1;
    const edge = children.length === 1 ? lines.only : i === 0 ? lines.first : isLast ? lines.last : lines.next;
    return rows.map((row, at) => {
      const before = i === 0 && at === 0 ? branch.text : space;
      return `${before}${at === 0 ? edge : isLast ? '   ' : lines.past}${row}`;
    });
  });
}

/** `4*[uwsgi]`: the bracket closes where the last row ends. */
function bracketed(rows: readonly string[], count: number): string[] {
  if (count === 1) return [...rows];
  const open = `${count}*[`;
  return rows.map((row, i) => `${i === 0 ? open : ' '.repeat(open.length)}${row}${i === rows.length - 1 ? ']' : ''}`);
}

/** The rows of a tree whose children stand below their parent: with arguments no two are taken for equal. */
function below(branch: Branch, lines: Lines): string[] {
  const rows = [branch.text];
  for (const [i, child] of branch.children.entries()) {
    const isLast = i === branch.children.length - 1;
    const edges = isLast ? [lines.last, '   '] : [lines.next, lines.past];
    rows.push(...below(child, lines).map((row, at) => ` ${edges[at === 0 ? 0 : 1]}${row}`));
  }
  return rows;
}
