/** CodeMirror for plain configuration and Python files: one view, one state per file, complaints of programs in the gutter. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import type { Diagnostic } from './diagnostics.ts';

const MISSING = 'There is no such file yet. Write something, and it is created when you save.';

export class Editor {
  readonly #view: EditorView;
  readonly #onChange: (path: string, text: string) => void;
  readonly #states = new Map<string, EditorState>();
  readonly #kind = new Compartment();
  #path = '';

  constructor(parent: HTMLElement, onChange: (path: string, text: string) => void) {
    this.#onChange = onChange;
    this.#view = new EditorView({ parent });
  }

  /** Shows this text of a file. One that was open before comes back with its cursor and its undo history, which a new text joins as one step. */
  show(path: string, text: string, kind: 'editable' | 'missing' | 'read-only'): void {
    if (path !== this.#path) {
      if (this.#path) this.#states.set(this.#path, this.#view.state);
      this.#path = path;
      this.#view.setState(this.#states.get(path) ?? this.#newState(path, text));
    }
    const { state } = this.#view;
    const wanted = [EditorState.readOnly.of(kind === 'read-only'), ...(kind === 'missing' ? [placeholder(MISSING)] : [])];
    this.#view.dispatch({
      ...(state.doc.toString() === text ? {} : { changes: { from: 0, to: state.doc.length, insert: text }, userEvent: 'input.replace' }),
      effects: this.#kind.reconfigure(wanted),
    });
  }

  /** Marks the lines of the open file that programs complained about. */
  mark(diagnostics: readonly Diagnostic[]): void {
    const { doc } = this.#view.state;
    const marks = diagnostics
      .filter(({ file }) => file === this.#path)
      .map(({ line, message }) => {
        // the file may have become shorter since the program read it
        const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
        return { from, to, severity: 'error' as const, message };
      });
    this.#view.dispatch(setDiagnostics(this.#view.state, marks));
  }

  /** Puts the cursor on a line, in the middle of the view; without a line it stays where it was. */
  goto(line: number | null): void {
    const { doc } = this.#view.state;
    if (line === null) {
      this.#view.focus();
      return;
    }
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.#view.focus();
  }

  dispose(): void {
    this.#view.destroy();
  }

  /** Tab is not bound to anything, so the keyboard goes in and out; Ctrl-] and Ctrl-[ indent. */
  #newState(path: string, doc: string): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        indentUnit.of('    '),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': path, spellcheck: 'false', autocapitalize: 'off', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#onChange(path, update.state.doc.toString());
        }),
        this.#kind.of([]),
        look,
      ],
    });
  }
}

export const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--paper-raised)', color: 'var(--ink)', fontSize: 'var(--size-small)' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '-3px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-soft)', borderRight: '1px solid var(--rule)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 8%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-placeholder': { color: 'var(--ink-soft)' },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', border: '1px solid var(--line)', color: 'var(--ink)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--status-server-error)' },
});
