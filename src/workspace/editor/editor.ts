/** CodeMirror: one view, one state per file with its undo history, complaints of programs in the gutter. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import type { Diagnostic } from '../diagnostics.ts';
import { indentOf, lineEnd } from './file-text.ts';
import { grammar, kindOf } from './grammars.ts';
import { highlighting } from './highlight.ts';
import { bounded, historyOf, restored } from './histories.ts';
import { look } from './look.ts';

const MISSING = 'No such file yet. Saving makes it.';

interface Options {
  readonly onChange: (path: string, text: string) => void;
  /** Ctrl-S or Cmd-S. */
  readonly onSave: () => void;
  /** Id of the text that says which keys do what. */
  readonly keysId: string;
  /** Undo histories of an earlier visit by path. */
  readonly histories: Readonly<Record<string, unknown>>;
}

export class Editor {
  readonly #view: EditorView;
  readonly #options: Options;
  readonly #states = new Map<string, EditorState>();
  readonly #kind = new Compartment();
  readonly #language = new Compartment();
  #path = '';

  constructor(parent: HTMLElement, options: Options) {
    this.#options = options;
    this.#view = new EditorView({ parent });
  }

  /** Shows this text of a file. One that was open before comes back with its cursor and its undo history, which a new text joins as one step. */
  show(path: string, text: string, kind: 'editable' | 'missing' | 'read-only'): void {
    if (path !== this.#path) {
      if (this.#path) this.#states.set(this.#path, this.#view.state);
      this.#path = path;
      this.#view.setState(this.#states.get(path) ?? this.#newState(path, text));
      void this.#colour(path);
    }
    // what ends its lines cannot be told to a state that has them
    if (this.#view.state.lineBreak !== lineEnd(text) && this.#view.state.sliceDoc() !== text) {
      this.#view.setState(this.#newState(path, text));
      void this.#colour(path);
    }
    const { state } = this.#view;
    const wanted = [EditorState.readOnly.of(kind === 'read-only'), ...(kind === 'missing' ? [placeholder(MISSING)] : [])];
    this.#view.dispatch({
      ...(state.sliceDoc() === text
        ? {}
        : { changes: { from: 0, to: state.doc.length, insert: state.toText(text) }, userEvent: 'input.replace' }),
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

  search(): void {
    openSearchPanel(this.#view);
  }

  /** Undo histories by path, to be kept; the file that is open comes first. */
  histories(): Readonly<Record<string, unknown>> {
    const states = new Map([[this.#path, this.#view.state] as const, ...[...this.#states].toReversed()]);
    if (this.#path) states.set(this.#path, this.#view.state);
    return { ...this.#options.histories, ...bounded([...states].map(([path, state]) => [path, historyOf(state)])) };
  }

  /** The tab of a file was closed. */
  forget(path: string): void {
    this.#states.delete(path);
    if (path === this.#path) this.#path = '';
  }

  dispose(): void {
    this.#view.destroy();
  }

  #newState(path: string, doc: string): EditorState {
    const extensions = this.#extensions(path, doc);
    return restored(this.#options.histories[path], doc, { extensions }) ?? EditorState.create({ doc, extensions });
  }

  /** Without its grammar, which may not come, a file is plain text. */
  async #colour(path: string): Promise<void> {
    const kind = kindOf(path);
    const support = kind && (await grammar(kind).catch(() => null));
    if (support && this.#path === path) this.#view.dispatch({ effects: this.#language.reconfigure(support) });
  }

  /** Tab is not bound to anything, so the keyboard goes in and out; Ctrl-] and Ctrl-[ indent. */
  #extensions(path: string, doc: string): Extension[] {
    const save = () => {
      this.#options.onSave();
      return true;
    };
    return [
      EditorState.lineSeparator.of(lineEnd(doc)),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightSpecialChars(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      bracketMatching(),
      search({ top: true }),
      indentUnit.of(indentOf(doc)),
      keymap.of([{ key: 'Mod-s', run: save, preventDefault: true }, ...searchKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      EditorView.contentAttributes.of({
        'aria-label': path,
        'aria-describedby': this.#options.keysId,
        spellcheck: 'false',
        autocapitalize: 'off',
        tabindex: '0',
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.#options.onChange(path, update.state.sliceDoc());
      }),
      this.#kind.of([]),
      this.#language.of([]),
      highlighting,
      look,
    ];
  }
}
