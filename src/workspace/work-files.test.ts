import { beforeEach, describe, expect, it } from 'vitest';
import type { Opaque } from './editor/file-text.ts';
import type { Disk } from './editor/texts.ts';
import { WorkFiles } from './work-files.ts';

const INI = '/srv/shop/uwsgi.ini';
const SITE = '/etc/nginx/sites-enabled/shop';
const NEW = '/srv/shop/app/new.py';

class FakeDisk implements Disk {
  readonly files = new Map<string, string | Opaque>();
  readonly written: string[] = [];
  async read(path: string): Promise<string | null | Opaque> {
    return this.files.get(path) ?? null;
  }
  async write(path: string, text: string): Promise<void> {
    this.written.push(path);
    this.files.set(path, text);
  }
  async remove(path: string): Promise<void> {
    this.written.push(`-${path}`);
    this.files.delete(path);
  }
}

let disk: FakeDisk;
let files: WorkFiles;

/** A sandbox that runs with the start state, read by its servers. */
beforeEach(() => {
  disk = new FakeDisk();
  files = new WorkFiles([INI, SITE, NEW]);
  files.load({ [INI]: 'four', [SITE]: 'site' });
  disk.files.set(INI, 'four').set(SITE, 'site');
  files.mount({});
  files.readBy('uwsgi');
  files.readBy('nginx');
});

describe('what the learner types', () => {
  it('is not saved, then saved and not read, then read', async () => {
    expect([files.unsaved, files.unread, files.changed]).toEqual([[], [], []]);
    files.edit(INI, 'eight');
    expect([files.unsaved, files.unread, files.changed]).toEqual([[INI], [INI], [INI]]);
    await files.save(disk);
    expect(disk.written).toEqual([INI]);
    expect([files.unsaved, files.unread]).toEqual([[], [INI]]);
    files.readBy('nginx');
    expect(files.unread).toEqual([INI]);
    files.readBy('uwsgi');
    expect(files.unread).toEqual([]);
    expect(files.mine).toEqual({ [INI]: 'eight', [SITE]: 'site', [NEW]: null });
  });

  it('creates a file that was not there, and Reset takes it away again', async () => {
    expect(files.texts[NEW]).toBeNull();
    files.edit(NEW, '');
    expect(files.unsaved).toEqual([]);
    files.edit(NEW, 'x = 1');
    await files.save(disk);
    expect(disk.files.get(NEW)).toBe('x = 1');
    files.reset([NEW], 'Reset new.py');
    await files.save(disk);
    expect(disk.files.has(NEW)).toBe(false);
    expect(files.mine[NEW]).toBeNull();
  });

  it('is unread also in a file that the solution brought', async () => {
    files.track('/srv/shop/app/more.py', null);
    files.replace({ '/srv/shop/app/more.py': 'x = 1' }, 'Took it');
    await files.save(disk);
    expect(files.unread).toEqual(['/srv/shop/app/more.py']);
    files.readBy('uwsgi');
    expect(files.unread).toEqual([]);
  });

  it('does not ask for a restart because of a static file', () => {
    files.track('/srv/shop/static/about.html', 'a');
    files.readBy('uwsgi');
    files.edit('/srv/shop/static/about.html', 'b');
    expect(files.unsaved).toEqual(['/srv/shop/static/about.html']);
    expect(files.unread).toEqual([]);
  });

  it('was kept from the last visit, also in a file that the lesson does not offer', () => {
    const again = new WorkFiles([INI, SITE]);
    again.load({ [INI]: 'four', [SITE]: 'site' }, { [INI]: 'eight', [SITE]: null, '/etc/other': 'x' });
    expect(again.paths).toEqual([INI, SITE, '/etc/other']);
    expect(again.added).toEqual(['/etc/other']);
    expect(again.texts).toEqual({ [INI]: 'eight', [SITE]: null, '/etc/other': 'x' });
  });
});

describe('a file that is no text any more', () => {
  it('is not written over, and comes back when it is one again', async () => {
    disk.files.set(INI, { why: 'binary', bytes: 7 });
    await files.refresh(disk);
    expect([files.opaque, files.unsaved, INI in files.mine]).toEqual([{ [INI]: { why: 'binary', bytes: 7 } }, [], false]);
    await files.save(disk);
    expect(disk.written).toEqual([]);
    disk.files.set(INI, 'text');
    await files.refresh(disk);
    expect([files.opaque, files.texts[INI]]).toEqual([{}, 'text']);
  });
});

describe('changes with one press', () => {
  it('can be undone, all files together, until something else is changed', () => {
    files.edit(INI, 'eight');
    files.edit(SITE, 'mine');
    files.reset(files.changed, 'Reset all files');
    expect(files.texts).toMatchObject({ [INI]: 'four', [SITE]: 'site' });
    expect(files.undoable?.what).toBe('Reset all files');
    files.undo();
    expect(files.texts).toMatchObject({ [INI]: 'eight', [SITE]: 'mine' });
    expect(files.undoable).toBeNull();
    files.replace({ [INI]: 'solution' }, 'Took it');
    // the editor repeats what it was given
    files.edit(INI, 'solution');
    expect(files.undoable).not.toBeNull();
    files.edit(INI, 'solution and more');
    expect(files.undoable).toBeNull();
  });
});

describe('what the shell does to the files', () => {
  it('shows in the editor when nothing there would be lost, and is kept', async () => {
    disk.files.set(INI, 'by sed');
    await files.refresh(disk);
    expect(files.texts[INI]).toBe('by sed');
    expect(files.unsaved).toEqual([]);
    expect(files.unread).toEqual([INI]);
    expect(files.mine[INI]).toBe('by sed');
  });

  it('never replaces what was not saved, nor is replaced by it, before the learner has decided', async () => {
    files.edit(INI, 'mine');
    disk.files.set(INI, 'theirs');
    await files.save(disk);
    expect(files.held[INI]).toBe('changed');
    expect([files.texts[INI], disk.files.get(INI)]).toEqual(['mine', 'theirs']);
    files.edit(INI, 'mine too');
    expect(files.held[INI]).toBe('changed');
    files.takeTheirs(INI);
    expect(files.texts[INI]).toBe('theirs');
    files.undo();
    expect(files.texts[INI]).toBe('mine too');
    await files.save(disk);
    expect(disk.files.get(INI)).toBe('mine too');
  });

  it('can be overruled', async () => {
    files.edit(INI, 'mine');
    disk.files.set(INI, 'theirs');
    await files.refresh(disk);
    files.keepMine(INI);
    await files.save(disk);
    expect(disk.files.get(INI)).toBe('mine');
  });

  it('a deleted file is not written back by itself, and its text is not lost', async () => {
    files.edit(INI, 'eight');
    await files.save(disk);
    disk.files.delete(INI);
    await files.save(disk);
    expect(files.held[INI]).toBe('deleted');
    expect(disk.files.has(INI)).toBe(false);
    expect([files.texts[INI], INI in files.mine]).toEqual(['eight', false]);
    files.edit(INI, 'nine');
    await files.save(disk);
    expect(disk.files.get(INI)).toBe('nine');
  });

  it('is over when the file is as the editor has it', async () => {
    disk.files.delete(INI);
    await files.refresh(disk);
    disk.files.set(INI, 'four');
    await files.refresh(disk);
    expect(files.held).toEqual({});
  });
});

it('a new sandbox has the kept edits, and forgets what was with the old one', () => {
  files.edit(INI, 'eight');
  files.unmount();
  expect([files.unsaved, files.unread]).toEqual([[], []]);
  files.mount(files.texts);
  expect([files.unsaved, files.unread]).toEqual([[], []]);
  // typed while it was loading
  files.edit(SITE, 'mine');
  expect(files.unsaved).toEqual([SITE]);
});
