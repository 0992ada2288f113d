/** How the editor and what compares files look: everything from the tokens. */
import { EditorView } from '@codemirror/view';

const mix = (token: string, percent: number) => `color-mix(in srgb, var(${token}) ${percent}%, transparent)`;

export const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--paper-raised)', color: 'var(--ink)', fontSize: '0.78rem' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '-3px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.35' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  // as the lines beneath it, which run under it when they are long
  '.cm-gutters': { backgroundColor: 'var(--paper-raised)', color: 'var(--ink-soft)', borderRight: '1px solid var(--rule)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: mix('--accent', 8) },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: mix('--accent', 30),
  },
  '.cm-selectionMatch': { backgroundColor: mix('--accent', 12) },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--line)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: mix('--status-server-error', 18) },
  '.cm-specialChar': { color: 'var(--status-server-error)' },
  '.cm-searchMatch': { backgroundColor: mix('--status-wait', 18), outline: '1px solid var(--status-wait)' },
  '.cm-searchMatch-selected': { backgroundColor: mix('--accent', 25), outline: '2px solid var(--accent)' },
  '.cm-placeholder': { color: 'var(--ink-soft)' },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', border: '1px solid var(--line)', color: 'var(--ink)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--status-server-error)' },
  '.cm-panels': { backgroundColor: 'var(--paper)', color: 'var(--ink)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--rule)' },
  '.cm-panel.cm-search': { padding: '4px 40px 4px 8px', fontFamily: 'var(--font-text)' },
  '.cm-panel.cm-search label': {
    display: 'inline-flex',
    minHeight: '28px',
    alignItems: 'center',
    gap: '4px',
    fontSize: 'var(--size-small)',
  },
  '.cm-textfield': {
    minHeight: '28px',
    padding: '0 8px',
    border: '1px solid var(--line)',
    borderRadius: 'var(--corner)',
    backgroundColor: 'var(--paper-raised)',
    fontSize: 'var(--size-small)',
  },
  '.cm-button': {
    minHeight: '28px',
    border: '1px solid var(--line)',
    borderRadius: 'var(--corner)',
    background: 'none',
    color: 'var(--ink)',
    fontSize: 'var(--size-small)',
    cursor: 'pointer',
  },
  '.cm-panel.cm-search [name=close]': { width: '28px', height: '28px', top: '4px', right: '4px', color: 'var(--ink)', cursor: 'pointer' },
});
