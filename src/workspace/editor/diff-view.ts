/** Two texts of a file with their differences, to be read: side by side, or one below the other where there is no room. */
import { getChunks, MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { look } from './look.ts';

export interface Side {
  /** Its name for people who hear the page. */
  readonly label: string;
  readonly text: string;
}

/** Shows `mine` beside `theirs`; call the result to take it away again. */
export function showDiff(parent: HTMLElement, mine: Side, theirs: Side, sideBySide: boolean): () => void {
  const extensions = (label: string): Extension[] => [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    lineNumbers(),
    EditorView.lineWrapping,
    look,
    changes,
  ];
  if (sideBySide) {
    const view = new MergeView({
      a: { doc: mine.text, extensions: extensions(mine.label) },
      b: { doc: theirs.text, extensions: extensions(theirs.label) },
      parent,
    });
    bringIntoView(parent, view.b, view.chunks[0]?.fromB);
    return () => view.destroy();
  }
  const unified = unifiedMergeView({ original: mine.text, mergeControls: false });
  const view = new EditorView({ doc: theirs.text, extensions: [...extensions(theirs.label), unified], parent });
  bringIntoView(parent, view, getChunks(view.state)?.chunks[0]?.fromB);
  return () => view.destroy();
}

/** A few lines above the first difference; the page itself stays where it is. */
function bringIntoView(parent: HTMLElement, view: EditorView, first: number | undefined): void {
  if (first === undefined) return;
  view.requestMeasure({
    read: () => view.lineBlockAt(Math.min(first, view.state.doc.length)).top,
    write: (top) => {
      parent.scrollTop = Math.max(0, top - 3 * view.defaultLineHeight);
    },
  });
}

const mix = (token: string, percent: number) => `color-mix(in srgb, var(${token}) ${percent}%, transparent)`;

/** What goes is struck through and what comes is underlined, so that colour is not all that tells them apart. */
const changes = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: mix('--status-server-error', 10) },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine': { backgroundColor: mix('--status-ok', 12), textDecoration: 'none' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: mix('--status-server-error', 18),
    textDecoration: 'line-through',
  },
  '&.cm-merge-b .cm-changedText': { background: mix('--status-ok', 22), textDecoration: 'underline' },
  '.cm-deletedChunk del': { textDecoration: 'none' },
});
