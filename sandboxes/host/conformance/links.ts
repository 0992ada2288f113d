/** Conformance: symbolic links. */
import { check, equal, fails, group, text } from './case.ts';

const OTHER = 1000;

export const links = group('links', {
  'a link is read through, and tells of itself only when asked': async ({ fs }) => {
    await fs.write('f', 'here', { mode: 0o640 });
    await fs.symlink('f', 'l');
    equal([await fs.readText('l'), await fs.readLink('l')], ['here', 'f']);
    const [followed, itself] = [await fs.stat('l'), await fs.lstat('l')];
    equal([followed.kind, followed.size, followed.mode], ['file', 4, 0o640]);
    equal([itself.kind, itself.size, itself.mode], ['link', 1, 0o777]);
    equal((await fs.lstat('f')).kind, 'file');
    equal(await fs.list('.'), ['f', 'l']);
  },
  'what is no link is EINVAL, what is there already EEXIST, and nothing leads nowhere': async ({ fs }) => {
    await fs.write('f', '');
    await fails('EINVAL', fs.readLink('f'));
    await fails('ENOENT', fs.readLink('missing'));
    await fails('EEXIST', fs.symlink('x', 'f'));
    await fails('ENOENT', fs.symlink('', 'l'));
    await fails('ENOENT', fs.symlink('f', 'no/l'));
  },
  'writing, appending, chmod and chown go to the target': async ({ fs }) => {
    await fs.write('f', 'a');
    await fs.symlink('f', 'l');
    await fs.write('l', 'b', { append: true });
    await fs.chmod('l', 0o600);
    await fs.chown('l', OTHER, OTHER);
    const { mode, uid } = await fs.stat('f');
    equal([await fs.readText('f'), mode, uid], ['ab', 0o600, OTHER]);
    equal((await fs.lstat('l')).uid, 0);
  },
  'a link that leads nowhere: ENOENT, and writing makes what it names': async ({ fs }) => {
    await fs.makeDirectory('d');
    await fs.symlink('d/later', 'l');
    await fails('ENOENT', fs.stat('l'));
    await fails('ENOENT', fs.read('l'));
    equal((await fs.lstat('l')).kind, 'link');
    await fs.write('l', 'now');
    equal(await fs.readText('d/later'), 'now');
    await fs.symlink('no/where', 'm');
    await fails('ENOENT', fs.write('m', ''));
    await fails('EEXIST', fs.makeDirectory('m', { parents: true }));
  },
  'links in a circle are ELOOP, forty in a row are not': async ({ fs }) => {
    await fs.symlink('b', 'a');
    await fs.symlink('a', 'b');
    await fails('ELOOP', fs.stat('a'));
    await fails('ELOOP', fs.read('a/below'));
    equal((await fs.lstat('a')).kind, 'link');
    await fs.write('0', 'end');
    for (let n = 1; n <= 41; n++) await fs.symlink(String(n - 1), String(n));
    equal(await fs.readText('40'), 'end');
    await fails('ELOOP', fs.read('41'));
  },
  'through a link to a directory; .. goes up from where it led': async (host) => {
    const { fs } = host;
    await fs.makeDirectory('one/two', { parents: true });
    await fs.write('one/f', 'beside two');
    await fs.symlink('one/two', 'l');
    await fs.write('l/g', 'in two');
    equal([await fs.readText('one/two/g'), await fs.readText('l/../f'), await fs.list('l')], ['in two', 'beside two', ['g']]);
    await fs.makeDirectory('l/deep/er', { parents: true });
    equal(await fs.list('one/two'), ['deep', 'g']);
    const before = host.cwd;
    await host.chdir('l');
    equal([host.cwd, await fs.readText('../f')], [`${before}/one/two`, 'beside two']);
  },
  'absolute targets, and relative ones count from the folder of the link': async (host) => {
    const { fs } = host;
    await fs.makeDirectory('a');
    await fs.makeDirectory('b');
    await fs.write('a/f', 'found');
    await fs.symlink('../a/f', 'b/relative');
    await fs.symlink(`${host.cwd}/a/f`, 'b/absolute');
    equal([await fs.readText('b/relative'), await fs.readText('b/absolute')], ['found', 'found']);
    equal([await fs.readLink('b/relative'), await fs.readLink('b/absolute')], ['../a/f', `${host.cwd}/a/f`]);
    equal([await fs.realPath('b/relative'), await fs.realPath('b/../b/new')], [`${host.cwd}/a/f`, `${host.cwd}/b/new`]);
    await fails('ENOENT', fs.realPath('no/where'));
  },
  'no chain of .. leads out of the root': async ({ fs }) => {
    await fs.symlink('../../../../../../../../../../..', 'up');
    equal(await fs.list('up'), await fs.list('/'));
  },
  'remove and rename act on the link': async ({ fs }) => {
    await fs.makeDirectory('d');
    await fs.write('d/f', 'stays');
    await fs.symlink('d', 'l');
    await fs.rename('l', 'm');
    equal([await fs.readLink('m'), await fs.readText('m/f')], ['d', 'stays']);
    await fs.remove('m');
    await fails('ENOENT', fs.lstat('m'));
    equal(await fs.readText('d/f'), 'stays');
    await fs.symlink('d/f', 'l');
    await fs.write('new', 'new');
    await fs.rename('new', 'l');
    equal([(await fs.lstat('l')).kind, await fs.readText('d/f')], ['file', 'stays']);
    await fs.symlink('d', 'n');
    await fails('ENOTDIR', fs.rename('d', 'n'));
  },
  'a slash at its end asks for what is behind': async ({ fs }) => {
    await fs.makeDirectory('d');
    await fs.symlink('d', 'l');
    equal([(await fs.lstat('l/')).kind, (await fs.lstat('l')).kind], ['directory', 'link']);
  },
  'permissions are those of the target and of the way to it': async (host) => {
    const { fs } = host;
    await fs.makeDirectory('closed');
    await fs.write('closed/f', 'x');
    await fs.write('secret', 'x', { mode: 0o600 });
    await fs.symlink('secret', 'to-secret');
    await fs.symlink('closed/f', 'to-closed');
    await fs.chmod('closed', 0o700);
    await host.setUser(OTHER, OTHER);
    await fails('EACCES', fs.read('to-secret'));
    await fails('EACCES', fs.read('to-closed'));
    await fails('EACCES', fs.symlink('f', 'mine'));
    await fails('EACCES', fs.remove('to-secret'));
    equal(await fs.readLink('to-closed'), 'closed/f');
  },
  'a file that was opened through links is opened as it is now': async ({ fs }) => {
    const now = async (): Promise<string> => text(await (await fs.open('l/f', { first: 100 })).read(0, 100));
    await fs.makeDirectory('a');
    await fs.makeDirectory('b');
    await fs.write('a/f', 'one');
    await fs.write('b/f', 'other');
    await fs.symlink('a', 'l');
    equal([await now(), await now()], ['one', 'one']);
    await fs.write('a/f', 'two');
    equal(await now(), 'two');
    await fs.remove('l');
    await fs.symlink('b', 'l');
    equal(await now(), 'other');
    await fs.remove('b/f');
    await fs.symlink('../a/f', 'b/f');
    equal(await now(), 'two');
    await fs.rename('a', 'c');
    await fails('ENOENT', now());
  },
  'tree tells of links as they are': async (host) => {
    const { fs } = host;
    await fs.makeDirectory('t/d', { parents: true });
    await fs.write('t/f', 'x');
    await fs.symlink('../f', 't/d/l');
    await fs.symlink('d', 't/to-directory');
    await fs.symlink('nowhere', 't/dangling');
    equal(
      [...(await fs.tree('t'))].map(([path, { target }]) => [path.slice(host.cwd.length), target]),
      [
        ['/t/d/l', '../f'],
        ['/t/dangling', 'nowhere'],
        ['/t/f', null],
        ['/t/to-directory', 'd'],
      ],
    );
  },
  'a Unix socket is reached through a link; listening on a link is EADDRINUSE': async (host) => {
    const listener = await host.listen({ path: 'real.sock' });
    await host.fs.symlink('real.sock', 'l.sock');
    const [client, server] = await Promise.all([host.connect({ path: 'l.sock' }), listener.accept()]);
    await client.write('hello');
    equal(text((await server?.read()) ?? null), 'hello');
    await fails('EADDRINUSE', host.listen({ path: 'l.sock' }));
    await host.fs.symlink('later.sock', 'dangling.sock');
    await fails('EADDRINUSE', host.listen({ path: 'dangling.sock' }));
    check((await host.fs.stat('l.sock')).kind === 'socket', 'a link to a socket is a socket');
  },
});
