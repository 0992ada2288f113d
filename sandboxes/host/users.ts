/** passwd(5) and group(5): lines of fields between colons that agree on the first three, name, password and number. */

/** Numbers by name, of a passwd or group file's text. */
export function idsByName(text: string): Map<string, number> {
  const lines = text.split('\n').map((line) => line.split(':'));
  return new Map(lines.flatMap(([name, , id]) => (name && id ? [[name, Number(id)] as const] : [])));
}
