import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Start } from '../wire.ts';
import type { Boot, SpareReport } from './channel.ts';
import { PythonSupply, type Room } from './python-supply.ts';

/** An empty module of WebAssembly. */
const WASM = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const BASE = new Uint8Array([7]);
const files = (base: Uint8Array | null) => ({ loader: new Uint8Array(), asm: new Uint8Array(), stdlib: new Uint8Array(), base });

class FakeRoom {
  closed = false;
  readonly boot: Boot;
  readonly port = { onmessage: null as ((event: { data: SpareReport }) => void) | null, close: () => {} };
  readonly worker = {
    onerror: null,
    terminate: () => {
      this.closed = true;
    },
  };

  constructor(boot: Boot) {
    this.boot = boot;
  }

  get base(): Uint8Array | null {
    return this.boot.as === 'spare' ? this.boot.python.base : null;
  }

  report(spare: SpareReport['spare']): void {
    this.port.onmessage?.({ data: { spare } });
  }
}

let rooms: FakeRoom[];
let kept: (Uint8Array | null)[];
let supply: PythonSupply;
const start = (program: string, image: Uint8Array | null = null): Start => ({ program, image }) as Start;
const open = (): FakeRoom[] => rooms.filter((room) => !room.closed);

beforeEach(() => {
  vi.useFakeTimers();
  rooms = [];
  kept = [];
  supply = new PythonSupply({
    module: 'blob:bundle',
    users: new Map([
      ['uwsgi', 4],
      ['python3', 0],
    ]),
    open: (_, boot) => {
      rooms.push(new FakeRoom(boot));
      return rooms.at(-1) as unknown as Room;
    },
    tellBase: (base) => kept.push(base),
    cores: 2,
  });
  supply.compile(WASM);
  return () => {
    vi.useRealTimers();
  };
});

describe('Python, for the processes that want one', () => {
  it('without a base one worker makes it, and only then there are spares and a runtime', async () => {
    await supply.give(files(null));
    expect(rooms.map((room) => room.base)).toEqual([null]);
    rooms[0]?.report(BASE);
    expect(rooms[0]?.closed).toBe(true);
    expect(kept).toEqual([BASE]);
    expect((await supply.runtime)?.base).toBe(BASE);
    expect(open().map((room) => room.base)).toContain(BASE);
  });

  it('a base that could not be made leaves the plain start', async () => {
    await supply.give(files(null));
    rooms[0]?.report(null);
    expect((await supply.runtime)?.base).toBe(null);
    expect(open()).toEqual([]);
    expect(kept).toEqual([]);
  });

  it('a spare is for programs that want one, and is taken once', async () => {
    await supply.give(files(BASE));
    const first = rooms[0];
    expect(supply.take(start('nginx'))).toBe(null);
    expect(supply.take(start('uwsgi'))).toBe(first);
    first?.report('ready');
    expect(supply.take(start('uwsgi', BASE))).not.toBe(first);
  });

  it('makes as many as a master is likely to start, and no more', async () => {
    await supply.give(files(BASE));
    const taken = [supply.take(start('uwsgi'))];
    for (let worker = 1; worker <= 6; worker++) {
      for (const room of rooms) room.report('ready');
      taken.push(supply.take(start('uwsgi', BASE)));
    }
    expect(taken.filter((room) => room !== null).length).toBe(5);
    expect(rooms.length).toBe(5);
  });

  it('a program that starts no others takes what waits, and asks for no more', async () => {
    await supply.give(files(BASE));
    for (let n = 0; n < 5; n++) {
      expect(supply.take(start('python3')) !== null).toBe(n < 2);
      for (const room of rooms) room.report('ready');
    }
    expect(rooms.length).toBe(2);
  });

  it('a base that does not work is forgotten, with the spares that were made from it', async () => {
    await supply.give(files(BASE));
    const room = supply.take(start('uwsgi')) as unknown as FakeRoom;
    supply.heard(room as unknown as Room, { spare: 'unfit' });
    expect(kept).toEqual([null]);
    expect(open()).toEqual([room]);
    expect(supply.take(start('uwsgi', BASE))).toBe(null);
  });

  it('believes a worker’s first word only', async () => {
    await supply.give(files(BASE));
    const room = supply.take(start('uwsgi')) as unknown as FakeRoom;
    supply.heard(room as unknown as Room, { spare: 'ready' });
    supply.heard(room as unknown as Room, { spare: 'unfit' });
    expect(kept).toEqual([]);
  });

  it('makes none for a process that is started long after its master', async () => {
    await supply.give(files(BASE));
    supply.take(start('uwsgi'));
    for (const room of rooms) room.report('ready');
    supply.take(start('uwsgi', BASE));
    vi.advanceTimersByTime(60_000);
    const before = rooms.length;
    expect(supply.take(start('uwsgi', BASE))).toBe(null);
    expect(rooms.length).toBe(before);
  });

  it('leaves a core to the master, then to its first worker', async () => {
    await supply.give(files(BASE));
    supply.take(start('uwsgi'));
    expect(rooms.length).toBe(1);
    rooms[0]?.report('ready');
    expect(rooms.length).toBe(2);
    supply.take(start('uwsgi', BASE));
    expect(rooms.length).toBe(2);
    rooms[1]?.report('ready');
    expect(rooms.length).toBe(3);
  });

  it('goes on when a process that took a spare ends before that has reported', async () => {
    await supply.give(files(BASE));
    for (let n = 0; n < 5; n++) {
      const room = supply.take(start('uwsgi'));
      expect(room).not.toBe(null);
      if (room) supply.gone(room);
    }
  });

  it('makes no more where one could not get its memory, and keeps the base', async () => {
    await supply.give(files(BASE));
    rooms[0]?.report(null);
    expect(kept).toEqual([]);
    expect(rooms.length).toBe(1);
  });

  it('spares that nobody takes end after a while', async () => {
    await supply.give(files(BASE));
    expect(open().length).toBeGreaterThan(0);
    vi.advanceTimersByTime(10_000);
    expect(open()).toEqual([]);
    expect(supply.take(start('uwsgi'))).toBe(null);
  });

  it('files that are broken are an error, and processes that wait hear of it', async () => {
    const other = new PythonSupply({ module: '', users: new Map(), open: () => rooms[0] as unknown as Room, tellBase: () => {}, cores: 2 });
    other.compile(new Uint8Array([1]));
    await expect(other.give(files(null))).rejects.toThrow(WebAssembly.CompileError);
    expect(await other.runtime).toBe(null);
  });
});
