/** Undo histories that outlive the page: CodeMirror's own form of them, kept within bounds. */
import { historyField } from '@codemirror/commands';
import { EditorState, type EditorStateConfig } from '@codemirror/state';

/** One file's history takes so much room at most, in characters; an older part of a longer one is given up. */
const MOST_EACH = 200_000;
/** All of a lesson together. */
const MOST = 1_000_000;

const FIELDS = { history: historyField };

/** What is kept of a state: its text says whether the history still belongs to the file. */
export function historyOf(state: EditorState): unknown {
  const json = state.toJSON(FIELDS) as { history?: { done: unknown[]; undone: unknown[] } };
  const { history } = json;
  if (!history || history.done.length + history.undone.length === 0) return null;
  while (history.done.length > 1 && JSON.stringify(history).length > MOST_EACH)
    history.done = history.done.slice(Math.ceil(history.done.length / 2));
  return JSON.stringify(json).length > MOST_EACH * 2 ? null : json;
}

/** Histories by path, as many as there is room for; the first are the ones that count. */
export function bounded(histories: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  let size = 0;
  for (const [path, history] of histories) {
    if (history === null) continue;
    size += JSON.stringify(history).length;
    if (size > MOST) break;
    kept[path] = history;
  }
  return kept;
}

/** A state with this text and the kept history; null when that is of another text, or no history at all. */
export function restored(kept: unknown, text: string, config: EditorStateConfig): EditorState | null {
  if (kept === undefined || kept === null) return null;
  try {
    const state = EditorState.fromJSON(kept, config, FIELDS);
    return state.sliceDoc() === text ? state : null;
  } catch {
    // from another version of the editor, or another hand
    return null;
  }
}
