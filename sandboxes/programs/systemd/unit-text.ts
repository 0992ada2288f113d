/** The text of a unit file, line by line: sections and assignments as systemd's own parser takes them (systemd.syntax(7)). */

export interface Assignment {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** From 1: the line it begins on. */
  readonly line: number;
}

/** A remark about a line, in systemd's words. */
export interface Remark {
  readonly line: number;
  readonly text: string;
}

export interface UnitText {
  readonly assignments: readonly Assignment[];
  /** Lines that count for nothing. */
  readonly remarks: readonly Remark[];
  /** The line that makes the whole file unreadable, or null. */
  readonly broken: Remark | null;
}

const SECTIONS: ReadonlySet<string> = new Set(['Unit', 'Service', 'Install']);
const COMMENT = /^[#;]/;

/** Never throws: what is wrong stands in the result. */
export function readUnitText(text: string): UnitText {
  const assignments: Assignment[] = [];
  const remarks: Remark[] = [];
  let section: string | null = null;
  /** In a section that nobody knows, keys are passed over without a word. */
  let passed = false;
  for (const { line, content } of logicalLines(text)) {
    if (content.startsWith('[')) {
      if (!content.endsWith(']')) return { assignments, remarks, broken: { line, text: `Invalid section header '${content}'` } };
      section = content.slice(1, -1);
      passed = !SECTIONS.has(section);
      if (passed && !section.startsWith('X-')) remarks.push({ line, text: `Unknown section '${section}'. Ignoring.` });
      continue;
    }
    const equals = content.indexOf('=');
    if (passed) continue;
    if (section === null) remarks.push({ line, text: 'Assignment outside of section. Ignoring.' });
    else if (equals < 0) remarks.push({ line, text: "Missing '=', ignoring line." });
    else if (equals === 0) remarks.push({ line, text: "Missing key name before '=', ignoring line." });
    else assignments.push({ section, key: content.slice(0, equals).trimEnd(), value: content.slice(equals + 1).trimStart(), line });
  }
  return { assignments, remarks, broken: null };
}

/** Without comments and empty lines, and with lines that end in a backslash joined to the next. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let line = 0;
  let content = '';
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const trimmed = raw.trim();
    if (COMMENT.test(trimmed)) continue;
    const more = trimmed.endsWith('\\');
    if (content === '') line = i + 1;
    content += more ? `${trimmed.slice(0, -1)} ` : trimmed;
    if (more) continue;
    if (content.trim() !== '') yield { line, content: content.trim() };
    content = '';
  }
  if (content.trim() !== '') yield { line, content: content.trim() };
}
