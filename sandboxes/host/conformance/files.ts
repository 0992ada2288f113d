/** Conformance: the file tree, its owners and permission bits. */
import type { Program } from '../host.ts';
import { acceptOne, bytes, check, equal, fails, group, text, withPeer } from './case.ts';

const OTHER = 1000;

/** Writes the file anew whenever it is told to, and says what is in it. */
const changer: Program = async (host) => {
  const connection = await acceptOne(host);
  for (let n = 0; (await connection.read()) !== null; n++) {
    await host.fs.write('f', `version ${n}`);
    await connection.write(`version ${n}`);
  }
  return 0;
};

export const files = group(
  'files',
  {
    'what was written is read back': async ({ fs }) => {
      await fs.write('a.txt', 'grüße\n');
      equal(await fs.readText('a.txt'), 'grüße\n');
    },
    'all byte values survive': async ({ fs }) => {
      const all = Uint8Array.from({ length: 256 }, (_, n) => n);
      await fs.write('all', all);
      equal([...(await fs.read('all'))], [...all]);
    },
    'reading a missing file is ENOENT': ({ fs }) => fails('ENOENT', fs.read('missing')),
    'reading a directory is EISDIR': ({ fs }) => fails('EISDIR', fs.read('.')),
    'a path through a file is ENOTDIR': async ({ fs }) => {
      await fs.write('file', '');
      await fails('ENOTDIR', fs.read('file/below'));
      await fails('ENOTDIR', fs.write('file/below', ''));
    },
    'writing into a missing directory is ENOENT': ({ fs }) => fails('ENOENT', fs.write('no/file', '')),
    'append adds at the end, write replaces': async ({ fs }) => {
      for (const part of ['a', 'bc', 'd']) await fs.write('log', part, { append: true });
      equal(await fs.readText('log'), 'abcd');
      await fs.write('log', 'x');
      equal(await fs.readText('log'), 'x');
      await fs.write('log', 'y', { append: true });
      equal(await fs.readText('log'), 'xy');
    },
    'stat tells kind, size, mode, owner and time': async (host) => {
      await host.fs.write('f', '12345');
      const file = await host.fs.stat('f');
      equal([file.kind, file.size, file.mode, file.uid, file.gid], ['file', 5, 0o644, 0, 0]);
      check(Math.abs(file.modified - host.date()) < 60_000, 'modified is about now');
      const directory = await host.fs.stat('.');
      equal([directory.kind, directory.mode], ['directory', 0o755]);
    },
    'a new file gets the mode asked for, and keeps it': async ({ fs }) => {
      await fs.write('secret', 'a', { mode: 0o600 });
      await fs.write('secret', 'b');
      equal((await fs.stat('secret')).mode, 0o600);
    },
    'a file that is not mine to read is EACCES': async (host) => {
      await host.fs.write('secret', 'a', { mode: 0o600 });
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', host.fs.read('secret'));
    },
    'the group may read a 0640 file, and not write it': async (host) => {
      await host.fs.write('shared', 'a', { mode: 0o640 });
      await host.fs.chown('shared', 0, 33);
      await host.setUser(OTHER, 33);
      equal(await host.fs.readText('shared'), 'a');
      await fails('EACCES', host.fs.write('shared', 'b'));
    },
    'the owner of a file may write it': async (host) => {
      await host.fs.write('mine', '');
      await host.fs.chown('mine', OTHER, OTHER);
      await host.setUser(OTHER, OTHER);
      await host.fs.write('mine', 'new');
      equal(await host.fs.readText('mine'), 'new');
    },
    "making a file in another's directory is EACCES": async (host) => {
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', host.fs.write('new', ''));
      await fails('EACCES', host.fs.makeDirectory('new'));
    },
    'a directory without search permission hides what is in it': async (host) => {
      await host.fs.makeDirectory('closed');
      await host.fs.write('closed/file', 'a');
      await host.fs.chmod('closed', 0o700);
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', host.fs.read('closed/file'));
      await fails('EACCES', host.fs.list('closed'));
    },
    'list is sorted; of nothing ENOENT, of a file ENOTDIR': async ({ fs }) => {
      for (const name of ['b', 'c', 'a']) await fs.write(name, '');
      equal(await fs.list('.'), ['a', 'b', 'c']);
      await fails('ENOENT', fs.list('missing'));
      await fails('ENOTDIR', fs.list('a'));
    },
    'rename moves and replaces': async ({ fs }) => {
      await fs.write('new', 'new');
      await fs.write('old', 'old');
      await fs.rename('new', 'old');
      equal([await fs.list('.'), await fs.readText('old')], [['old'], 'new']);
      await fails('ENOENT', fs.rename('new', 'other'));
    },
    'rename moves a directory with all that is in it': async ({ fs }) => {
      await fs.makeDirectory('one/two', { parents: true });
      await fs.write('one/two/file', 'here');
      await fs.rename('one', 'first');
      equal(await fs.readText('first/two/file'), 'here');
      await fails('ENOENT', fs.stat('one'));
      await fails('EINVAL', fs.rename('first', 'first/two/inside'));
    },
    'remove: ENOTEMPTY, then gone, then ENOENT': async ({ fs }) => {
      await fs.makeDirectory('d');
      await fs.write('d/f', '');
      await fails('ENOTEMPTY', fs.remove('d'));
      await fs.remove('d/f');
      await fs.remove('d');
      await fails('ENOENT', fs.remove('d'));
    },
    'makeDirectory: ENOENT without parents, EEXIST when there': async ({ fs }) => {
      await fails('ENOENT', fs.makeDirectory('a/b'));
      await fs.makeDirectory('a/b', { parents: true });
      await fs.makeDirectory('a/b', { parents: true });
      await fails('EEXIST', fs.makeDirectory('a/b'));
      equal((await fs.stat('a/b')).kind, 'directory');
    },
    'chmod is for the owner, chown for root: EPERM': async (host) => {
      await host.fs.write('f', '');
      await host.fs.chmod('f', 0o666);
      equal((await host.fs.stat('f')).mode, 0o666);
      await host.setUser(OTHER, OTHER);
      await fails('EPERM', host.fs.chmod('f', 0o777));
      await fails('EPERM', host.fs.chown('f', OTHER, OTHER));
    },
    'relative paths follow chdir, .. leads up': async (host) => {
      await host.fs.makeDirectory('a/b', { parents: true });
      await host.fs.write('a/f', 'found');
      const before = host.cwd;
      await host.chdir('a/b');
      equal(host.cwd, `${before}/a/b`);
      equal(await host.fs.readText('../f'), 'found');
      await fails('ENOENT', host.chdir('nowhere'));
      await fails('ENOTDIR', host.chdir('../f'));
    },
    'tree gives every file below with its bytes, and empty directories': async (host) => {
      await host.fs.makeDirectory('t/empty', { parents: true });
      await host.fs.makeDirectory('t/sub', { parents: true });
      await host.fs.write('t/one', '1');
      await host.fs.write('t/sub/two', '2');
      const found = [...(await host.fs.tree('t'))].map(([path, { data, mode }]) => [path.slice(host.cwd.length), [...data], mode]);
      equal(found, [
        ['/t/empty/', [], 0o755],
        ['/t/one', [...bytes('1')], 0o644],
        ['/t/sub/two', [...bytes('2')], 0o644],
      ]);
    },
    'changing bytes that were read changes no file': async ({ fs }) => {
      await fs.write('f', 'abc');
      (await fs.read('f')).fill(0);
      equal(await fs.readText('f'), 'abc');
    },
    'an open file is read in parts, from anywhere': async ({ fs }) => {
      await fs.write('f', '0123456789');
      for (const first of [0, 4, 100]) {
        const file = await fs.open('f', { first });
        equal([file.info.kind, file.info.size], ['file', 10]);
        equal([text(await file.read(0, 3)), text(await file.read(6, 2))], ['012', '67']);
        let all = '';
        for (let part = await file.read(0, 6); part.length > 0; part = await file.read(all.length, 6)) all += text(part);
        equal(all, '0123456789');
        equal([(await file.read(10, 5)).length, (await file.read(99, 5)).length], [0, 0]);
        file.close();
      }
    },
    'an open file stays the same when its name goes to another': async ({ fs }) => {
      await fs.write('f', 'the old one');
      const [renamed, removed] = [await fs.open('f'), await fs.open('f')];
      await fs.write('g', 'the new one');
      await fs.rename('g', 'f');
      equal(text(await renamed.read(4, 3)), 'old');
      await fs.remove('f');
      equal(text(await removed.read(0, 99)), 'the old one');
      renamed.close();
      removed.close();
      await fails('EINVAL', removed.read(0, 1));
    },
    'what is written into an open file is read from it': async ({ fs }) => {
      await fs.write('log', 'one\n');
      const file = await fs.open('log');
      await fs.write('log', 'two\n', { append: true });
      equal(text(await file.read(4, 99)), 'two\n');
      await fs.write('log', 'x');
      equal(text(await file.read(0, 99)), 'x');
      file.close();
    },
    'a file that was opened before is opened as it is now': async ({ fs }) => {
      const now = async (): Promise<string> => text(await (await fs.open('d/f', { first: 100 })).read(0, 100));
      await fs.makeDirectory('d');
      await fs.write('d/f', 'one');
      equal([await now(), await now()], ['one', 'one']);
      await fs.write('d/f', ' two', { append: true });
      equal(await now(), 'one two');
      await fs.write('g', 'three');
      await fs.rename('g', 'd/f');
      equal(await now(), 'three');
      await fs.rename('d', 'e');
      await fails('ENOENT', now());
      await fs.rename('e', 'd');
      equal(await now(), 'three');
      await fs.remove('d/f');
      await fails('ENOENT', now());
    },
    'so it is when another process has changed it and says so': async (host) => {
      const [connection] = await withPeer(host, 'changer');
      for (let round = 0; round < 200; round++) {
        await connection.write('x');
        const told = text(await connection.read());
        const file = await host.fs.open('f', { first: 100 });
        equal(text(await file.read(0, 100)), told);
      }
      connection.close();
    },
    'and what is no longer mine to read is not given': async (host) => {
      await host.fs.makeDirectory('d');
      await host.fs.write('d/f', 'abc');
      const open = (): Promise<unknown> => host.fs.open('d/f', { first: 100 });
      await open();
      await host.fs.chmod('d', 0o700);
      await open();
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', open());
    },
    'open: ENOENT, ENOTDIR, EACCES, EINVAL; a directory has no bytes': async (host) => {
      await host.fs.write('f', 'abc');
      await host.fs.write('secret', 'a', { mode: 0o600 });
      await fails('ENOENT', host.fs.open('missing'));
      await fails('ENOTDIR', host.fs.open('f/below'));
      await fails('EINVAL', host.fs.open('f', { first: -1 }));
      const directory = await host.fs.open('.');
      equal([directory.info.kind, (await directory.read(0, 9)).length], ['directory', 0]);
      const file = await host.fs.open('f');
      await fails('EINVAL', file.read(-1, 1));
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', host.fs.open('secret'));
    },
    'names of users and groups have numbers': async (host) => {
      equal([await host.user('root'), await host.group('www-data'), await host.user('nobody-here')], [0, 33, null]);
    },
  },
  { changer },
);
