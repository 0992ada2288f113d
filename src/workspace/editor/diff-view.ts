/** Two texts of a file with their differences: side by side, or one below the other where there is no room. Each difference can be taken over. */
import { getChunks, getOriginalDoc, MergeView, originalDocChangeEffect, unifiedMergeView } from '@codemirror/merge';
import { ChangeSet, EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { lineEnd } from './file-text.ts';
import { grammar, kindOf } from './grammars.ts';
import { highlighting } from './highlight.ts';
import { look } from './look.ts';
import { LINE, WORDS } from './tint.ts';

export interface Side {
  /** Its name for people who hear the page. */
  readonly label: string;
  readonly text: string;
}

export interface Diff {
  /** The learner has this text now. What is drawn stays, with the focus in it. */
  setMine(text: string): void;
  destroy(): void;
}

interface Options {
  readonly path: string;
  readonly mine: Side;
  readonly theirs: Side;
  readonly sideBySide: boolean;
  /** The learner's text with one difference taken over. */
  readonly onTake: (text: string) => void;
}

export async function showDiff(parent: HTMLElement, { path, mine, theirs, sideBySide, onTake }: Options): Promise<Diff> {
  const kind = kindOf(path);
  const language = (kind && (await grammar(kind).catch(() => null))) ?? [];
  const ends = lineEnd(mine.text);
  // a difference in every line's end is none that could be taken line by line
  const bySteps = mine.text === '' || ends === lineEnd(theirs.text);
  const extensions = (label: string): Extension[] => [
    EditorState.readOnly.of(true),
    EditorState.lineSeparator.of(ends),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    lineNumbers(),
    EditorView.lineWrapping,
    language,
    highlighting,
    look,
    changes,
  ];
  return sideBySide ? besides() : beneath();

  function besides(): Diff {
    const taken = EditorView.updateListener.of((update) => {
      if (update.transactions.some((one) => one.isUserEvent('revert'))) onTake(update.state.sliceDoc());
    });
    const view = new MergeView({
      a: { doc: mine.text, extensions: [...extensions(mine.label), taken] },
      b: { doc: theirs.text, extensions: extensions(theirs.label) },
      parent,
      ...(bySteps ? { revertControls: 'b-to-a' as const, renderRevertControl: () => takeButton(null) } : {}),
    });
    bringIntoView(parent, view.b, view.chunks[0]?.fromB);
    return {
      setMine(text) {
        const { state } = view.a;
        if (state.sliceDoc() !== text) view.a.dispatch({ changes: { from: 0, to: state.doc.length, insert: state.toText(text) } });
      },
      destroy: () => view.destroy(),
    };
  }

  function beneath(): Diff {
    const taken = EditorView.updateListener.of((update) => {
      if (update.transactions.some((one) => one.isUserEvent('accept')))
        onTake(getOriginalDoc(update.state).sliceString(0, undefined, ends));
    });
    const controls = (type: 'accept' | 'reject', action: (event: MouseEvent) => void): HTMLElement =>
      type === 'accept' && bySteps ? takeButton(action) : document.createElement('span');
    const unified = unifiedMergeView({ original: mine.text, mergeControls: controls });
    const view = new EditorView({ doc: theirs.text, extensions: [...extensions(theirs.label), unified, taken], parent });
    bringIntoView(parent, view, getChunks(view.state)?.chunks[0]?.fromB);
    return {
      setMine(text) {
        const before = getOriginalDoc(view.state);
        if (before.sliceString(0, undefined, ends) === text) return;
        const change = ChangeSet.of({ from: 0, to: before.length, insert: view.state.toText(text) }, before.length);
        view.dispatch({ effects: originalDocChangeEffect(view.state, change) });
      },
      destroy: () => view.destroy(),
    };
  }
}

/** The library's own controls hear the mouse only. `action` is theirs, or they listen further out. */
function takeButton(action: ((event: MouseEvent) => void) | null): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'take';
  button.title = 'Take this change';
  button.setAttribute('aria-label', 'Take this change');
  button.textContent = action ? 'Take this change' : '←';
  if (action) button.addEventListener('mousedown', action);
  button.addEventListener('click', (event) => {
    // by the keyboard: nobody pressed a mouse
    if (event.detail === 0) button.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
  });
  return button;
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
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: mix('--status-server-error', LINE) },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: mix('--status-ok', LINE) },
  // its line has the colour already
  '.cm-insertedLine': { background: 'none', textDecoration: 'none' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: mix('--status-server-error', WORDS),
    textDecoration: 'line-through',
  },
  '&.cm-merge-b .cm-changedText': { background: mix('--status-ok', WORDS), textDecoration: 'underline' },
  '.cm-deletedChunk del': { textDecoration: 'none' },
  '.cm-chunkButtons': { position: 'static' },
});
