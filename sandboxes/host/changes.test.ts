// The learner's work as a difference: laid over a fresh start it must give the same tree, whatever was done, and be cheap to ask for.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { applyChanges } from './apply-changes.ts';
import { Baseline, type Changed, type Changes } from './changes.ts';
import { MemoryTree } from './memory-tree.ts';
import { DiskTree } from './node/disk-tree.ts';
import { layServer } from './server-tree.ts';
import { ROOT, type Tree } from './tree.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const START = { '/a/one': '1', '/a/b/two': '2', '/c/three': '3', '/srv/app.py': 'app', '/empty/': '' };

function onDisk(): DiskTree {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return new DiskTree(folder);
}

function started(tree: Tree, files: Readonly<Record<string, string>> = START): { tree: Tree; baseline: Baseline; work: () => Changes } {
  layServer(tree, files);
  const baseline = new Baseline(tree);
  const known: Record<string, Changed | null> = {};
  const work = (): Changes => {
    for (const [path, now] of baseline.news()) {
      if (now === 'laid') delete known[path];
      else known[path] = now;
    }
    return { ...known };
  };
  return { tree, baseline, work };
}

/** All that a learner could see in a tree. */
function picture(tree: Tree, folder = ''): string[] {
  return tree.list(folder || '/', ROOT).flatMap((name) => {
    const path = `${folder}/${name}`;
    const { kind, mode, uid, gid } = tree.lstat(path, ROOT);
    if (kind === 'link') return [`${path} -> ${tree.readLink(path, ROOT)}`];
    const rest = kind === 'directory' ? picture(tree, path) : [];
    const content = kind === 'file' ? new TextDecoder().decode(tree.read(path, ROOT)) : '';
    return [`${path} ${kind} ${mode.toString(8)} ${uid}:${gid} ${content}`, ...rest];
  });
}

type Step = (tree: Tree) => void;
const path = fc.array(fc.constantFrom('a', 'b', 'c', 'one', 'two'), { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
const text = fc.constantFrom('', '1', '2', 'long text');
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(path, text, fc.boolean()).map(
    ([at, what, append]): Step =>
      (tree) =>
        tree.write(at, bytes(what), ROOT, { append }),
  ),
  path.map(
    (at): Step =>
      (tree) =>
        tree.remove(at, ROOT),
  ),
  path.map(
    (at): Step =>
      (tree) =>
        tree.makeDirectory(at, ROOT, true),
  ),
  fc.tuple(path, path).map(
    ([from, to]): Step =>
      (tree) =>
        tree.rename(from, to, ROOT),
  ),
  fc.tuple(path, fc.constantFrom(0o644, 0o755, 0o600)).map(
    ([at, mode]): Step =>
      (tree) =>
        tree.chmod(at, mode, ROOT),
  ),
  fc.tuple(path, fc.constantFrom(0, 33)).map(
    ([at, id]): Step =>
      (tree) =>
        tree.chown(at, id, id, ROOT),
  ),
);

function attempt(step: Step, tree: Tree): void {
  try {
    step(tree);
  } catch {
    // What a tree refuses changes nothing.
  }
}

describe.each([
  ['in memory', () => new MemoryTree(), 200],
  ['on disk', onDisk, 25],
] as const)('%s', (_name, open, numRuns) => {
  test('laid over a fresh start, changes give the same tree', () => {
    const property = fc.property(fc.array(steps, { maxLength: 25 }), fc.array(steps, { maxLength: 25 }), (first, then) => {
      const { tree, work } = started(open());
      for (const step of first) attempt(step, tree);
      // Asking in between must not change what is answered later.
      work();
      for (const step of then) attempt(step, tree);
      const other = started(open());
      applyChanges(other.tree, work());
      expect(picture(other.tree)).toEqual(picture(tree));
      expect(other.work()).toEqual(work());
    });
    fc.assert(property, { numRuns });
  });

  test('undone, the start is back', () => {
    const property = fc.property(fc.array(steps, { maxLength: 40 }), (done) => {
      const { tree, baseline, work } = started(open());
      const before = picture(tree);
      for (const step of done) attempt(step, tree);
      applyChanges(tree, baseline.undoing());
      expect(picture(tree)).toEqual(before);
      expect(work()).toEqual({});
    });
    fc.assert(property, { numRuns });
  });

  test('each kind of change is told, what is volatile is not, and what is undone is gone again', () => {
    const { tree, work } = started(open());
    expect(work()).toEqual({});
    tree.write('/a/one', bytes('other'), ROOT);
    tree.chmod('/a/b', 0o700, ROOT);
    tree.chown('/srv/app.py', 33, 33, ROOT);
    tree.remove('/c/three', ROOT);
    tree.makeDirectory('/new/empty', ROOT, true);
    tree.symlink('../a/one', '/c/link', ROOT);
    for (const place of ['/tmp/x', '/run/y', '/sys/x', '/var/log/z', '/srv/__pycache__/app.pyc']) {
      tree.makeDirectory(place.slice(0, place.lastIndexOf('/')), ROOT, true);
      tree.write(place, bytes('noise'), ROOT);
    }
    tree.makeSocket('/srv/shop.sock', ROOT, 0o755);
    const root = { uid: 0, gid: 0 };
    expect(work()).toEqual({
      '/a/b': { kind: 'folder', mode: 0o700, ...root },
      '/a/one': { kind: 'file', data: bytes('other'), mode: 0o644, ...root },
      '/c/link': { kind: 'link', target: '../a/one' },
      '/c/three': null,
      '/new': { kind: 'folder', mode: 0o755, ...root },
      '/new/empty': { kind: 'folder', mode: 0o755, ...root },
      '/srv/app.py': { kind: 'file', data: bytes('app'), mode: 0o644, uid: 33, gid: 33 },
    });
    tree.write('/a/one', bytes('1'), ROOT);
    tree.write('/c/three', bytes('3'), ROOT);
    expect(Object.keys(work())).not.toContain('/a/one');
    expect(Object.keys(work())).not.toContain('/c/three');
  });

  test('what is laid later is no change', () => {
    const { tree, baseline, work } = started(open());
    layServer(tree, { '/srv/wheelhouse/flask.whl': 'wheel' });
    expect(Object.keys(work())).toContain('/srv/wheelhouse/flask.whl');
    baseline.lay(['/srv/wheelhouse', '/srv/wheelhouse/flask.whl']);
    expect(work()).toEqual({});
  });

  test('what the first boot enables is no work; to disable it is, and stays so on the next machine', () => {
    const unit = '[Service]\nExecStart=/usr/bin/true\n[Install]\nWantedBy=multi-user.target\n';
    const link = (name: string): string => `/etc/systemd/system/multi-user.target.wants/${name}`;
    const files = {
      '/etc/systemd/system/shop.service': unit,
      '/lib/systemd/system/nginx.service': unit,
      '/etc/systemd/system-preset/10.preset': 'disable nginx.service\n',
    };
    const { tree, work } = started(open(), files);
    expect(new TextDecoder().decode(tree.read('/etc/machine-id', ROOT))).toMatch(/^[0-9a-f]{32}\n$/);
    expect(tree.readLink(link('shop.service'), ROOT)).toBe('/etc/systemd/system/shop.service');
    expect(tree.entry(link('nginx.service'))).toBeNull();
    expect(work()).toEqual({});
    tree.remove(link('shop.service'), ROOT);
    expect(work()).toEqual({ [link('shop.service')]: null });
    const next = started(open(), files);
    applyChanges(next.tree, work());
    expect(next.tree.entry(link('shop.service'))).toBeNull();
  });

  test('what cannot be laid is told by its path, and the rest is laid', () => {
    const { tree } = started(open());
    const file = { kind: 'file', data: bytes('x'), mode: 0o644, uid: 0, gid: 0 } as const;
    const lay = (): void => applyChanges(tree, { '/a/one/below': file, relative: file, '/c/../d': file, '/good': file });
    expect(lay).toThrow(/\/a\/one\/?.*Not a directory|\/a\/one: File exists/);
    expect(lay).toThrow('relative: not the full path of a file');
    expect(lay).toThrow('/c/../d: not the full path of a file');
    expect(tree.list('/', ROOT)).toContain('good');
  });
});

test('a file that others change on disk is seen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { work } = started(new DiskTree(folder));
  writeFileSync(join(folder, 'a/one'), 'from outside');
  expect(work()).toMatchObject({ '/a/one': { kind: 'file', data: bytes('from outside') } });
});

test('a tree in memory has room for so much, and has it again when something goes', () => {
  const tree = new MemoryTree(1000);
  const full = (work: () => void): void => expect(work).toThrow('No space left on device');
  tree.write('/a', new Uint8Array(600), ROOT);
  full(() => tree.write('/b', new Uint8Array(401), ROOT));
  tree.write('/b', new Uint8Array(400), ROOT);
  full(() => tree.write('/b', new Uint8Array(1), ROOT, { append: true }));
  expect(tree.stat('/b', ROOT).size).toBe(400);
  tree.write('/a', new Uint8Array(500), ROOT);
  tree.write('/b', new Uint8Array(100), ROOT, { append: true });
  tree.rename('/a', '/b', ROOT);
  tree.write('/c', new Uint8Array(500), ROOT);
  tree.remove('/b', ROOT);
  tree.write('/d', new Uint8Array(500), ROOT);
  full(() => tree.write('/e', new Uint8Array(1), ROOT));
});

test('250 MB can be written, piece by piece, and 50 MB more cannot', () => {
  const tree = new MemoryTree();
  const append = (): void => tree.write('/large', new Uint8Array(50_000_000), ROOT, { append: true });
  for (let n = 0; n < 5; n++) append();
  expect(append).toThrow('/large: No space left on device');
  expect(tree.stat('/large', ROOT).size).toBe(250_000_000);
});

test('with a virtual environment of thousands of files only what is new is read', () => {
  class Counting extends MemoryTree {
    reads = 0;
    override entry(path: string): ReturnType<MemoryTree['entry']> {
      const entry = super.entry(path);
      return (
        entry && {
          ...entry,
          bytes: () => {
            this.reads++;
            return entry.bytes();
          },
        }
      );
    }
  }
  const tree = new Counting();
  const { baseline } = started(tree);
  for (let count = 0; count < 5000; count++) {
    const folder = `/srv/venv/lib/python3.11/site-packages/package${count % 50}`;
    tree.makeDirectory(folder, ROOT, true);
    tree.write(`${folder}/module${count}.py`, bytes(`number = ${count}\n`), ROOT);
  }
  expect(baseline.news().length).toBeGreaterThan(5000);
  tree.reads = 0;
  tree.write('/srv/venv/lib/python3.11/site-packages/package7/module7.py', bytes('changed'), ROOT);
  expect(baseline.news().map(([path]) => path)).toEqual(['/srv/venv/lib/python3.11/site-packages/package7/module7.py']);
  expect(tree.reads).toBe(1);
});
