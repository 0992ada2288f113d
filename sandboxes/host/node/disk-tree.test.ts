/** DiskTree: the files suite holds on it as on any tree (run with it below); here is what is special about a disk. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { files } from '../conformance/files.ts';
import { cases, programs, resultsOf } from '../conformance/suite.ts';
import { type ErrorCode, isSystemError } from '../host.ts';
import { createLocalSandbox } from '../local.ts';
import { ROOT } from '../tree.ts';
import { DiskTree } from './disk-tree.ts';

vi.mock('../../programs/registry.ts', () => ({ programs: {} }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);
const OTHER = { uid: 1000, gid: 1000 };

function fails(code: ErrorCode, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(isSystemError(error, code) ? code : error).toBe(code);
    return;
  }
  throw new Error(`expected ${code}`);
}

let base = '';
let root = '';
let tree: DiskTree;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'disk-tree-')));
  root = join(base, 'root');
  mkdirSync(root);
  tree = new DiskTree(root);
});
afterEach(() => rmSync(base, { recursive: true }));

describe('DiskTree', () => {
  it('sees edits made on the disk, and writes there', () => {
    writeFileSync(join(root, 'a'), 'one');
    expect(text(tree.read('/a', ROOT))).toBe('one');
    writeFileSync(join(root, 'a'), 'two');
    expect(text(tree.read('/a', ROOT))).toBe('two');
    tree.makeDirectory('/d/e', ROOT, true);
    tree.write('/d/e/f', bytes('from inside'), ROOT);
    expect(readFileSync(join(root, 'd/e/f'), 'utf8')).toBe('from inside');
    tree.remove('/d/e/f', ROOT);
    expect(existsSync(join(root, 'd/e/f'))).toBe(false);
  });

  it("takes others' files for root's", () => {
    writeFileSync(join(root, 'a'), '', { mode: 0o600 });
    mkdirSync(join(root, 'd'));
    expect(tree.stat('/a', OTHER)).toMatchObject({ kind: 'file', mode: 0o644, uid: 0, gid: 0 });
    expect(tree.stat('/d', OTHER)).toMatchObject({ kind: 'directory', mode: 0o755, uid: 0 });
    fails('EACCES', () => tree.write('/a', bytes('x'), OTHER));
  });

  it('follows links that stay inside', () => {
    mkdirSync(join(root, 'available'));
    writeFileSync(join(root, 'available/shop'), 'server {}');
    symlinkSync('available', join(root, 'enabled'));
    symlinkSync(join(root, 'available/shop'), join(root, 'shop'));
    expect(text(tree.read('/enabled/shop', ROOT))).toBe('server {}');
    expect(text(tree.read('/shop', ROOT))).toBe('server {}');
    tree.remove('/shop', ROOT);
    expect(existsSync(join(root, 'available/shop'))).toBe(true);
  });

  it('reaches nothing outside by links, neither files nor directories nor what could be made there', () => {
    writeFileSync(join(base, 'secret'), 'x');
    mkdirSync(join(base, 'root-beside'));
    writeFileSync(join(base, 'root-beside/f'), 'x');
    symlinkSync(join(base, 'secret'), join(root, 'file'));
    symlinkSync('..', join(root, 'up'));
    symlinkSync('../root-beside', join(root, 'beside'));
    symlinkSync(join(base, 'new'), join(root, 'dangling'));
    fails('ENOENT', () => tree.read('/file', ROOT));
    fails('ENOENT', () => tree.write('/file', bytes('y'), ROOT));
    fails('ENOENT', () => tree.stat('/file', ROOT));
    fails('ENOENT', () => tree.read('/up/secret', ROOT));
    fails('ENOENT', () => tree.read('/beside/f', ROOT));
    fails('ENOENT', () => tree.write('/dangling', bytes('y'), ROOT));
    fails('ENOENT', () => tree.rename('/up/secret', '/mine', ROOT));
    // Above the root there is only the root.
    expect(tree.list('/up', ROOT)).toEqual(tree.list('/', ROOT));
    tree.write('/up/made', bytes('y'), ROOT);
    expect([existsSync(join(root, 'made')), existsSync(join(base, 'made'))]).toEqual([true, false]);
    expect([existsSync(join(base, 'new')), readFileSync(join(base, 'secret'), 'utf8')]).toEqual([false, 'x']);
  });

  it('keeps socket files to itself', () => {
    const node = tree.makeSocket('/s', ROOT, 0o660);
    expect([tree.socketAt('/s', ROOT) === node, tree.list('/', ROOT), existsSync(join(root, 's'))]).toEqual([true, ['s'], false]);
    tree.rename('/s', '/t', ROOT);
    expect(tree.socketAt('/t', ROOT)).toBe(node);
    tree.remove('/t', ROOT);
    fails('ENOENT', () => tree.socketAt('/t', ROOT));
  });

  it('holds to the suite: files and Unix sockets', async () => {
    const names = cases.map(({ name }) => name).filter((name) => /^(files|links|unix sockets):/.test(name));
    expect(names.length).toBeGreaterThan(files.cases.length);
    const sandbox = createLocalSandbox({ programs, tree });
    const process = await sandbox.spawn('conformance', names);
    await process.exited;
    sandbox.dispose();
    expect([...resultsOf(process.stdout(), names).values()].filter(({ ok }) => !ok)).toEqual([]);
  });
});
