/**
 * Finds what programs said about files: nginx names file and line, Python does in its tracebacks, uWSGI names only
 * the option or what it tried to do, so its line is looked up in the ini file. Pure: output and files in, places out.
 */

export interface Diagnostic {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The program's own words, or what they come to. */
  readonly message: string;
  /** It runs all the same: no start has failed for it. */
  readonly notice?: true;
}

/** Text of the learner's files by path: where uWSGI's messages are looked up, and which files a traceback may point into. */
export type FileTexts = Readonly<Record<string, string>>;

/** Every place that `output` complains about, once each, in order. */
export function diagnose(output: string, files: FileTexts): Diagnostic[] {
  const lines = output.split(/\r?\n/);
  const found = [...nginx(lines), ...python(lines, files), ...uwsgi(lines, files)];
  return found.filter((one, index) => found.findIndex((other) => same(one, other)) === index);
}

/** Do two diagnostics say the same thing about the same line? */
export const same = (a: Diagnostic, b: Diagnostic): boolean => a.file === b.file && a.line === b.line && a.message === b.message;

/** `nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:5`, or with a date and pid before it as Debian's prints it. */
function* nginx(lines: readonly string[]): Generator<Diagnostic> {
  for (const text of lines) {
    const match = /\[(?:emerg|crit|alert|error|warn)\] (?:\d+#\d+: )?(.*) in (\/\S+):(\d+)\s*$/.exec(text);
    if (match) yield { file: match[2] as string, line: Number(match[3]), message: match[1] as string };
  }
}

const FRAME = /^ +File "([^"]+)", line (\d+)/;
/** `ValueError: boom`, `shop.errors.Empty`: the last line of a traceback stands at the margin. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?:: .*)?$/;

/** The innermost place of a traceback that lies in one of the learner's files, with the exception's line. */
function* python(lines: readonly string[], files: FileTexts): Generator<Diagnostic> {
  let place: { file: string; line: number } | null = null;
  let inside = false;
  for (const text of lines) {
    const frame = FRAME.exec(text);
    if (frame) {
      inside = true;
      if ((frame[1] as string) in files) place = { file: frame[1] as string, line: Number(frame[2]) };
    } else if (inside && !text.startsWith(' ') && EXCEPTION.test(text)) {
      if (place) yield { ...place, message: text };
      place = null;
      inside = false;
    }
  }
}

/**
 * What uWSGI says, and the options (the first that stands in the file counts) that it means. `$1` is what the pattern caught. `notice`: it
 * runs all the same.
 */
const UWSGI: readonly (readonly [RegExp, readonly string[], 'notice'?])[] = [
  [/^\[strict-mode\] unknown config directive: (\S+)/, ['$1']],
  [/^ModuleNotFoundError: No module named /, ['module', 'wsgi', 'wsgi-file']],
  [/^unable to load app 0 /, ['callable', 'module', 'wsgi', 'wsgi-file']],
  [/^chdir\(\): /, ['chdir']],
  [/^(?:bind\(\): |invalid socket name|error removing unix socket)/, ['socket', 'http-socket']],
  [/^Listen queue size is greater than /, ['listen']],
  [/^user \S+ not found\./, ['uid']],
  [/^group \S+ not found\./, ['gid']],
  [/^invalid chmod value: /, ['chmod-socket']],
  [/^invalid cheaper value: /, ['cheaper']],
  [/^!!! Python Home is not a directory: /, ['virtualenv', 'home']],
  [/^open\("[^"]*_plugin\.so"\): /, ['plugins', 'plugin']],
  [/^\*\*\* Operational MODE: no-workers \*\*\*/, ['processes', 'workers']],
  [/^The -s\/--socket option is missing/, ['[uwsgi]']],
  // the sandbox's own: it starts fewer. Not where the device is small: the lesson's own number is no mistake
  [/^\[sandbox\] processes = \d+: this sandbox /, ['processes', 'workers'], 'notice'],
];

function* uwsgi(lines: readonly string[], files: FileTexts): Generator<Diagnostic> {
  const ini = lines.map((text) => /^\[uWSGI\] getting INI configuration from (\S+)/.exec(text)?.[1]).findLast((path) => path !== undefined);
  const content = ini === undefined ? undefined : files[ini];
  if (ini === undefined || content === undefined) return;
  let explained = false;
  for (const [index, text] of lines.entries()) {
    // inside a traceback Python has named the line itself, and "unable to load app" after it adds nothing
    if (FRAME.test(text)) explained = true;
    const rule = UWSGI.find(([pattern]) => pattern.test(text));
    if (!rule) continue;
    const ofPython = /^(?:ModuleNotFoundError|unable to load app)/.test(text);
    if (ofPython && explained) {
      if (text.startsWith('unable')) explained = false;
      continue;
    }
    if (text.startsWith('ModuleNotFoundError')) explained = true;
    const app = text.startsWith('unable to load app') ? appOf(content) : null;
    if (app && app.file in files) {
      yield { file: app.file, line: 1, message: `${app.file.slice(app.file.lastIndexOf('/') + 1)} has no callable named ${app.callable}` };
      continue;
    }
    const line = lineOfOption(
      content,
      rule[1].map((name) => name.replace('$1', rule[0].exec(text)?.[1] ?? '')),
    );
    // the last word on a missing socket may come with the section itself missing: then the top of the file is the place
    const message = [lines[index - 1], text].find((part) => part?.startsWith('probably another')) ?? text;
    yield { file: ini, line: line ?? 1, message: message.replace('[sandbox] ', ''), ...(rule[2] ? { notice: true } : {}) };
  }
}

/** The file that the ini takes the application from and the name it is asked for there. */
function appOf(content: string): { file: string; callable: string } | null {
  const set = new Map(
    [...content.matchAll(/^[ \t]*(?![#;[])([^=\n]*?)[ \t]*=[ \t]*(.*?)[ \t]*$/gm)].map((match) => [match[1] as string, match[2] as string]),
  );
  const [module = '', callable = 'application'] = (set.get('module') ?? set.get('wsgi') ?? '').split(':');
  const file = module ? `${module.replaceAll('.', '/')}.py` : set.get('wsgi-file');
  if (!file) return null;
  const folder = set.get('chdir')?.replace(/\/$/, '') ?? '';
  return { file: file.startsWith('/') ? file : `${folder}/${file}`, callable: set.get('callable') ?? callable };
}

/** The last line that sets one of the options: of several, the first name that is found counts; of several lines, uWSGI takes the last. */
function lineOfOption(content: string, names: readonly string[]): number | null {
  const keys = content.split(/\r?\n/).map((text) => /^\s*(?![#;])([^=]*?)\s*(?:=|$)/.exec(text)?.[1]);
  for (const name of names) {
    const index = keys.lastIndexOf(name);
    if (index >= 0) return index + 1;
  }
  return null;
}
