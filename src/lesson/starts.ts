/** Which servers run once a machine is up: those that are started on it, or that systemd starts because they are enabled. Pure. */
import { PRESET_FOLDERS, presetFiles, rulesIn, wants } from '../../sandboxes/programs/systemd/presets.ts';

const SERVERS = ['nginx', 'uwsgi'] as const;
export type Server = (typeof SERVERS)[number];

const UNIT = /^\/(?:etc|lib)\/systemd\/system\/([^/]+\.service)$/;

/** `files`: the texts that lie on the machine, by path. Without preset files nothing is enabled on it before somebody does it. */
export function serversAtStart(start: readonly { readonly program: string }[], files: Readonly<Record<string, string>>): Server[] {
  const programs = new Set(start.map(({ program }) => program));
  const enabled = programs.has('systemd') ? enabledPrograms(files) : new Set();
  return SERVERS.filter((server) => programs.has(server) || enabled.has(server));
}

function enabledPrograms(files: Readonly<Record<string, string>>): Set<string> {
  const namesIn = (folder: string): string[] =>
    Object.keys(files).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []));
  const presets = presetFiles(PRESET_FOLDERS.map((folder) => [folder, namesIn(folder)]));
  const rules = rulesIn(presets.map((path) => files[path] ?? ''));
  if (rules.length === 0) return new Set();
  return new Set(
    Object.entries(files).flatMap(([path, text]) => {
      const [, unit] = UNIT.exec(path) ?? [];
      const program = /^ExecStart=\S*?([^/\s]+)(?:\s|$)/m.exec(text)?.[1];
      return unit !== undefined && program !== undefined && wants(rules, unit) ? [program] : [];
    }),
  );
}
