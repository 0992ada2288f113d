/** Values in log lines: what could break a line or its quotes is written another way. */

const hex = (ch: string, digits: number): string => ch.charCodeAt(0).toString(16).toUpperCase().padStart(digits, '0');

/** nginx's own way: `\x22` for quotes, backslashes, control characters and everything beyond ASCII. */
export function escapeForLog(value: string): string {
  if (!/[\x00-\x1f"\\\x7f-\xff]/.test(value)) return value;
  return value.replace(/[\x00-\x1f"\\\x7f-\xff]/g, (ch) => `\\x${hex(ch, 2)}`);
}

const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '"': '\\"',
  '\\': '\\\\',
};

/** `escape=json`. */
export function escapeJson(value: string): string {
  if (!/[\x00-\x1f"\\]/.test(value)) return value;
  return value.replace(/[\x00-\x1f"\\]/g, (ch) => SHORT[ch] ?? `\\u${hex(ch, 4)}`);
}
