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
    for (const [i, piece] of word.entries()) {
      anyQuoted ||= piece.quoted;
      const typed = 'text' in piece ? piece.text : value(piece.variable);
      const text = i === 0 && 'text' in piece && !piece.quoted ? fromHome(typed, word.length === 1, value) : typed;
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

/** `~` and `~/x`: the home directory. Of a word that goes on with a quote only `~/` is one. */
function fromHome(text: string, whole: boolean, value: (name: string) => string): string {
  return text.startsWith('~/') || (whole && text === '~') ? value('HOME') + text.slice(1) : text;
}
