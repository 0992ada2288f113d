/** Which grammar a file has, by its path; each is fetched when the first file of its kind is opened. */
import type { LanguageSupport } from '@codemirror/language';

type Kind = 'nginx' | 'ini' | 'python' | 'html' | 'css' | 'xml' | 'shell';

const BY_ENDING: readonly (readonly [RegExp, Kind])[] = [
  [/^\/etc\/nginx\/(.+\.conf|sites-(available|enabled)\/.+|conf\.d\/.+|snippets\/.+|[a-z]+_params)$/, 'nginx'],
  [/\.(ini|cfg|conf|service|socket|timer|target|path|mount|env)$|\/(\.gitconfig|\.git\/config|os-release)$/, 'ini'],
  [/\.pyi?$/, 'python'],
  [/\.html?$/, 'html'],
  [/\.css$/, 'css'],
  [/\.(xml|svg|config)$/, 'xml'],
  [/\.(sh|bash)$|\/\.(bashrc|profile|bash_profile)$/, 'shell'],
];

/** Null: it is shown as plain text. */
export const kindOf = (path: string): Kind | null => BY_ENDING.find(([pattern]) => pattern.test(path))?.[1] ?? null;

const LOADERS: Readonly<Record<Kind, () => Promise<LanguageSupport>>> = {
  nginx: async () => stream((await import('@codemirror/legacy-modes/mode/nginx')).nginx),
  ini: async () => stream((await import('@codemirror/legacy-modes/mode/properties')).properties),
  shell: async () => stream((await import('@codemirror/legacy-modes/mode/shell')).shell),
  python: async () => (await import('@codemirror/lang-python')).python(),
  html: async () => (await import('@codemirror/lang-html')).html(),
  css: async () => (await import('@codemirror/lang-css')).css(),
  xml: async () => (await import('@codemirror/lang-xml')).xml(),
};

const loaded = new Map<Kind, Promise<LanguageSupport>>();

/** The grammar of a kind of files. Errors: it could not be fetched; the next call tries again. */
export function grammar(kind: Kind): Promise<LanguageSupport> {
  let loading = loaded.get(kind);
  if (!loading) {
    loading = LOADERS[kind]();
    loading.catch(() => loaded.delete(kind));
    loaded.set(kind, loading);
  }
  return loading;
}

/** Fetches all of them, for when there is no network any more. Errors: see `grammar`. */
export async function allGrammars(): Promise<void> {
  await Promise.all((Object.keys(LOADERS) as Kind[]).map(grammar));
}

type Parser = Parameters<typeof import('@codemirror/language').StreamLanguage.define>[0];

async function stream(parser: Parser): Promise<LanguageSupport> {
  const { LanguageSupport, StreamLanguage } = await import('@codemirror/language');
  return new LanguageSupport(StreamLanguage.define(parser));
}
