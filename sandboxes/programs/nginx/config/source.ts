/** Where configuration texts come from: the file system, or what the master read before it spawned this worker. */
import { type Host, SystemError } from '../../../host/host.ts';
import { glob, patternOf } from '../../glob.ts';
import { byteText, toUnicode } from '../../http/bytes.ts';

export interface Source {
  /** As byte text. Throws SystemError. */
  read(path: string): Promise<string>;
  expand(pattern: string): Promise<string[]>;
  /** Is there such a user or group? */
  knows(what: 'user' | 'group', name: string): Promise<boolean>;
}

export function fileSource(host: Host): Source {
  const { fs: files } = host;
  return {
    read: async (path) => byteText(await files.read(toUnicode(path))),
    expand: (pattern) => glob(files, toUnicode(pattern)),
    knows: async (what, name) => (await host[what](name)) !== null,
  };
}

/** Texts already read: what `fork()` would have left in a worker's memory. */
export function memorySource(texts: ReadonlyMap<string, string>): Source {
  return {
    read: async (path) => {
      const text = texts.get(path);
      if (text === undefined) throw new SystemError('ENOENT', path);
      return text;
    },
    expand: async (pattern) => {
      const matches = patternOf(pattern);
      return [...texts.keys()].filter(matches).sort();
    },
    knows: async () => true,
  };
}
