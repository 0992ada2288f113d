/** The tabs of the work area and the parts behind them: each part is fetched when its tab is first opened, or once the sandbox runs. */
import type { Session } from './session.svelte.ts';
import { workParts } from './work-parts.ts';

export type TabId = 'browser' | 'terminal' | 'files' | 'traffic' | 'check';
type Rows = readonly (readonly TabId[])[];

interface TabHead {
  readonly id: TabId;
  readonly label: string;
  readonly note?: string;
}

/** Of each row of tabs, what is in it: one row, but three on a bench that is wide enough. On a bench there is nothing to check. */
export function rowsOf(bench: boolean, wide: boolean): Rows {
  if (bench && wide) return [['browser', 'traffic'], ['files'], ['terminal']];
  return [['browser', 'terminal', 'files', 'traffic', ...(bench ? [] : (['check'] as const))]];
}

/** The row that has a tab; the first where none has it. */
export function rowOf(rows: Rows, id: TabId): number {
  const at = rows.findIndex((row) => row.includes(id));
  return Math.max(0, at);
}

/** `complaints`: how many places in files the servers complain of. */
export function tabsOf(complaints: number): readonly TabHead[] {
  return [
    { id: 'browser', label: 'Browser' },
    { id: 'terminal', label: 'Terminal' },
    { id: 'files', label: 'Files', ...(complaints ? { note: `(${complaints})` } : {}) },
    { id: 'traffic', label: 'Traffic' },
    { id: 'check', label: 'Check' },
  ];
}

/** What fetches the parts behind the tabs, and what fetches all that they and the switch of the engine may ask for later. */
export function panesOf(session: Session, bench: boolean, say: (text: string) => void) {
  const board = async () => (await import('./check-board.ts')).boardOf(session);
  /** The checks that can be looked at without a press are, whenever something has happened. */
  const watchChecks = async () => (await board()).follow(say);
  const panes = {
    browser: () => import('./BrowserPane.svelte'),
    terminal: () => import('./TerminalPane.svelte'),
    files: () => import('./FilesPane.svelte'),
    traffic: () => import('./TrafficPane.svelte'),
    check: async () => {
      const [part] = await Promise.all([import('./CheckPane.svelte'), board()]);
      return part;
    },
  };
  const reserves = [
    ...(bench ? [] : [watchChecks, () => import('./SolutionView.svelte'), () => session.material.loadSolution()]),
    () => import('./EngineDialog.svelte'),
    () => import('./editor/grammars.ts').then(({ allGrammars }) => allGrammars()),
    ...Object.values(workParts),
  ];
  return { panes, reserves };
}
