/** A process's view of the file tree: every call goes to the kernel, which resolves paths and checks permissions. */
import { type FileInfo, type FileSystem, type OpenFile, SystemError, type TreeEntry } from './host.ts';
import { type CallArgs, type CallName, type CallResult, compact } from './wire.ts';

type Call = <K extends CallName>(name: K, ...args: CallArgs<K>) => Promise<CallResult<K>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class GuestFiles implements FileSystem {
  #call: Call;
  #close: (file: number) => void;
  #kept = new Map<string, OpenFile>();
  /** How often what was kept had to be forgotten. */
  #changes = 0;

  constructor(call: Call, close: (file: number) => void) {
    this.#call = call;
    this.#close = close;
  }

  read(path: string): Promise<Uint8Array> {
    return this.#call('fs.read', path);
  }

  async readText(path: string): Promise<string> {
    return decoder.decode(await this.read(path));
  }

  async open(path: string, options: { first?: number } = {}): Promise<OpenFile> {
    const kept = this.#kept.get(path);
    if (kept !== undefined) return kept;
    const before = this.#changes;
    const { id, info, first, keep } = await this.#call('fs.open', path, options.first ?? 0);
    const file: OpenFile = {
      info,
      read: async (offset, length) => {
        if (offset < 0 || length < 0) throw new SystemError('EINVAL', 'read()');
        if (id === null || offset < first.length) return first.slice(offset, offset + length);
        return this.#call('fs.readAt', id, offset, length);
      },
      close: () => {
        if (id !== null) this.#close(id);
      },
    };
    // The word of a change may have come with the answer.
    if (keep && before === this.#changes) this.#kept.set(path, file);
    return file;
  }

  /** Something has changed: about one of the files, or about who asks and from where. */
  forget(): void {
    this.#changes++;
    this.#kept.clear();
  }

  async write(path: string, data: Uint8Array | string, options: { append?: boolean; mode?: number } = {}): Promise<void> {
    const bytes = typeof data === 'string' ? encoder.encode(data) : compact(data);
    await this.#call('fs.write', path, bytes, options.append ?? false, options.mode ?? null);
  }

  stat(path: string): Promise<FileInfo> {
    return this.#call('fs.stat', path);
  }

  lstat(path: string): Promise<FileInfo> {
    return this.#call('fs.lstat', path);
  }

  readLink(path: string): Promise<string> {
    return this.#call('fs.readLink', path);
  }

  async symlink(target: string, path: string): Promise<void> {
    await this.#call('fs.symlink', target, path);
  }

  realPath(path: string): Promise<string> {
    return this.#call('fs.realPath', path);
  }

  list(path: string): Promise<string[]> {
    return this.#call('fs.list', path);
  }

  async tree(path: string): Promise<Map<string, TreeEntry>> {
    return new Map(await this.#call('fs.tree', path));
  }

  async makeDirectory(path: string, options: { parents?: boolean } = {}): Promise<void> {
    await this.#call('fs.mkdir', path, options.parents ?? false);
  }

  async remove(path: string): Promise<void> {
    await this.#call('fs.remove', path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#call('fs.rename', from, to);
  }

  async chmod(path: string, mode: number): Promise<void> {
    await this.#call('fs.chmod', path, mode);
  }

  async chown(path: string, uid: number, gid: number): Promise<void> {
    await this.#call('fs.chown', path, uid, gid);
  }
}
