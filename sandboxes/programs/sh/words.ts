/** From words as typed to arguments: variables filled in, unquoted text split, file names matched. */
import type { FileSystem } from '../../host/host.ts';
import { glob, isPattern } from '../glob.ts';
import type { Word } from './parse.ts';

export async function expand(words: readonly Word[], value: (name: string) => string, files: FileSystem): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    let fields = [''];
    let anyQuoted = false;
    let pattern = false;
    for (const piece of word) {
      anyQuoted ||= piece.quoted;
      const text = 'text' in piece ? piece.text : value(piece.variable);
      if (!piece.quoted && isPattern(text)) pattern = true;
      const parts = 'variable' in piece && !piece.quoted ? text.split(/\s+/) : [text];
      fields = [...fields.slice(0, -1), (fields.at(-1) ?? '') + (parts[0] ?? ''), ...parts.slice(1)];
    }
    const kept = anyQuoted ? fields : fields.filter((field) => field !== '');
    for (const field of kept) {
      const matches = pattern && !/^\w+=/.test(field) ? await glob(files, field) : [];
      result.push(...(matches.length > 0 ? matches : [field]));
    }
  }
  return result;
}
