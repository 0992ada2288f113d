/** The files of a lesson's machine at some moment: as folders lay them, or as they are in a sandbox in which somebody has worked. */
import type { Changed, Changes } from '../../sandboxes/host/changes.ts';
import { readUnitText } from '../../sandboxes/programs/systemd/unit-text.ts';
import { configValue } from '../../src/checks/config.ts';
import { laidOver } from '../../src/lesson/lay-over.ts';
import { at } from '../lib/paths.ts';
import { treeFiles } from '../lib/sandbox.ts';

/** By absolute path in the sandbox. */
export type State = ReadonlyMap<string, Changed>;

/** What folders make that are laid over sandboxes/server, one over the other. */
export function stateOf(overlays: readonly string[]): State {
  const files = Object.entries([at('sandboxes/server'), ...overlays].map(treeFiles).reduce(laidOver));
  return new Map(
    files.map(([path, data]): [string, Changed] =>
      path.endsWith('/')
        ? [path.slice(0, -1), { kind: 'folder', mode: 0o755, uid: 0, gid: 0 }]
        : [path, { kind: 'file', data, mode: 0o644, uid: 0, gid: 0 }],
    ),
  );
}

/** The same once a sandbox that began like this has changed. */
export function changed(start: State, changes: Changes): State {
  const state = new Map(start);
  for (const [path, now] of Object.entries(changes)) {
    if (now === null) state.delete(path);
    else state.set(path, now);
  }
  return state;
}

/** The text of a file, or null. */
export function textOf(state: State, path: string): string | null {
  const found = state.get(path);
  return found?.kind === 'file' ? new TextDecoder().decode(found.data) : null;
}

export interface Pool {
  readonly ini: string;
  /** Whom systemd starts it as; root where a lesson's Run starts it, or the unit names nobody. */
  readonly user: string;
  readonly group: string;
  /** The folder it is started from. */
  readonly from: string;
}

/** The uWSGIs that run on such a machine: those that the lesson starts, or those of its units. */
export function poolsOf(start: readonly { readonly program: string; readonly args: readonly string[] }[], state: State): Pool[] {
  const started = start.flatMap(({ program, args }) =>
    program === 'uwsgi' ? [{ ini: iniIn(args), user: 'root', group: 'root', from: '/root' }] : [],
  );
  if (!start.some(({ program }) => program === 'systemd')) return started;
  const units = [...state.keys()].filter((path) => /^\/(etc|lib)\/systemd\/system\/[^/]+\.service$/.test(path));
  return units.flatMap((path) => {
    const { assignments } = readUnitText(textOf(state, path) ?? '');
    const last = (key: string): string | undefined => assignments.findLast((one) => one.key === key)?.value;
    const [program = '', ...args] = (last('ExecStart') ?? '').split(/\s+/);
    const user = last('User') ?? 'root';
    return program.endsWith('/uwsgi') ? [{ ini: iniIn(args), user, group: last('Group') ?? user, from: '/' }] : [];
  });
}

function iniIn(args: readonly string[]): string {
  const ini = args[args.indexOf('--ini') + 1];
  if (!args.includes('--ini') || ini === undefined) throw new Error(`which ini? uwsgi ${args.join(' ')}`);
  return ini;
}

/** About the application and its Python: what a lesson's start may not have yet. */
const OF_THE_APP = /^(virtualenv|venv|home|module|wsgi-file|need-app)\s*=.*$/gm;

/** Every uWSGI of the machine, one that nothing starts too, as far as it can be without an application. */
export function withoutApp(state: State): { readonly state: State; readonly inis: readonly string[] } {
  const inis = [...state.keys()].filter((path) => path.endsWith('.ini'));
  const changes = inis.flatMap((path): [string, Changed][] => {
    const text = textOf(state, path) ?? '';
    const folder = configValue(text, path, 'chdir');
    const data = new TextEncoder().encode(text.replace(OF_THE_APP, ''));
    const own: [string, Changed] = [path, { kind: 'file', data, mode: 0o644, uid: 0, gid: 0 }];
    return folder === null ? [own] : [own, [folder, { kind: 'folder', mode: 0o755, uid: 0, gid: 0 }]];
  });
  return { state: new Map([...state, ...changes]), inis };
}
