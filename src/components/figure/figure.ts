/**
 * Brings the markup of Figure.svelte to life: a log, live or from an address or a file, seen in one of the views, moved through
 * by the controls. Only a figure that is on screen and has something to show does anything. Plain DOM, so that a page which
 * only plays a recording needs nothing else.
 */

import { isCalm } from '../../diagram/calm.ts';
import type { Version } from '../../diagram/layout.ts';
import type { Names } from '../../diagram/words.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { captionOf, spoken } from './caption.ts';
import { Controls, wordsOf } from './controls.ts';
import { fetched } from './fetched.ts';
import { Frames } from './frames.ts';
import { Marks } from './marks.ts';
import type { Table } from './moves.ts';
import { carryOut, movesOf } from './moves.ts';
import { Opened } from './opened.ts';
import { Player } from './player.ts';
import type { Source } from './recording.ts';
import { fetchRecording, isSame } from './recording.ts';
import type { Side } from './side-names.ts';
import { Sides } from './sides.ts';
import { type Remote, Steering } from './steering.ts';
import { Summaries } from './summaries.ts';
import { Turns } from './turns.ts';
import type { Seen } from './view.ts';
import { Views } from './views.ts';
import { watch } from './watch.ts';

export interface Figure {
  /** For others than the visitor. */
  readonly remote: Remote;
  /** Shows something else from now on; the same source again changes nothing. */
  show(source: Source): void;
  /** Plays, as soon as there is something to play. */
  play(): void;
  /** Opens the request of that key, if the log has it. */
  open(key: string): void;
  destroy(): void;
}

/** While playing only what moves is drawn in every frame. Labels, slider and words follow at their own pace, what is read aloud last. */
const LABELS_EVERY = 100;
const CAPTION_EVERY = 300;
/** Further behind than this (screen ms), a live figure offers to catch up. */
const FAR_BEHIND = 6000;

export function mountFigure(root: HTMLElement): Figure {
  const controls = new Controls(root);
  const views = new Views(controls.stage, controls.other, { open, seek: (t) => act(() => player.seekTo(t)) });
  const sides = new Sides(root, open, (t) => act(() => player.seekTo(t)));
  const opened = new Opened();
  const marks = new Marks();
  const turns = new Turns();
  const frames = new Frames(tick);
  const steering = new Steering(root, { player: () => player, loaded, act, seen: () => seenBySomebody.now });
  const summaries = new Summaries(() => {
    if (seenBySomebody.now) controls.announce(spoken(look()));
  });
  let source: Source | null = null;
  let player = new Player(new TraceLog(), false);
  /** Whose run shall be shown as soon as the sandbox's is here. */
  let awaited: Side | null = null;
  /** What was shown before a file was loaded, or before the recording was fetched beside what is live: then there is no file. */
  let kept: { player: Player; followed: string | null; side: Side; file: string } | null = null;
  let unsubscribe = (): void => {};
  let followed: string | null = null;
  let names: Names = 'python';
  let version: Version = 'real';
  /** Asked to play before the recording has come. */
  let wanted = false;
  let loading = false;
  /** The recording is there, or has failed to come. */
  let arrival = Promise.resolve();
  let destroyed = false;
  let labelsAt = 0;
  let captionAt = 0;

  const blank = (): boolean => player.log.events.length === 0;

  function look(): Seen {
    const { log } = player;
    const t = isCalm() ? player.still : player.t;
    return { log, t, frame: frameAt(log, t), followed, names, ...(player.beside ? { clock: player.story } : {}) };
  }

  /** Draws the present position. `told`: the visitor asked for it, so say what is there. */
  function render(told = false): void {
    const time = performance.now();
    const seen = look();
    steering.moved(told);
    if (!told && player.playing && time - labelsAt < LABELS_EVERY) {
      views.move(seen);
      sides.move(seen);
      return;
    }
    labelsAt = time;
    const { end } = player;
    const far = player.live && (!player.playing || end - player.screen > FAR_BEHIND);
    controls.set({
      playing: wanted || (player.playing && !blank()),
      playable: loading || !blank(),
      blank: blank(),
      screen: player.screen,
      first: player.first,
      end: Math.max(player.first + 1, end),
      speed: player.speed,
      behind: far,
      dropped: player.log.dropped,
    });
    if (!blank() || player.live) views.show(seen);
    sides.show(seen);
    if (told || !player.playing || time - captionAt > CAPTION_EVERY) {
      captionAt = time;
      caption(seen, far);
    }
    if (told) {
      summaries.stop();
      controls.announce();
    } else if (player.playing) summaries.moving();
  }

  function caption(seen: Seen, far: boolean): void {
    // until the recording is here, what the page says of it stays
    if (blank() && !player.live) return;
    controls.say(captionOf(seen, player, far));
    controls.offer(indexOf(player.log).requests.list, followed);
    marks.update(player, controls, names);
    opened.update();
  }

  function wake(): void {
    if (seenBySomebody.now && player.playing) frames.wake();
  }

  function tick(passed: number, time: number): boolean {
    const more = player.tick(passed, time) && seenBySomebody.now;
    // where a recording has ended is said; a live log comes to rest after every request
    const ended = !player.playing;
    if (!more) labelsAt = captionAt = 0;
    render(ended);
    if (!more && !ended) summaries.resting();
    return more;
  }

  function act(what: () => void): void {
    what();
    render(true);
    wake();
  }

  function grew(): void {
    player.grew(performance.now());
    if (!player.playing && seenBySomebody.now) render();
    wake();
  }

  const seenBySomebody = watch(root, (now) => {
    if (now && !player.playing && (!blank() || player.live)) render();
    steering.moved(false);
    wake();
  });

  /** Wishes that are more than a move of the clock. */
  const wishes: Table = {
    play: () => {
      if (loading) wanted = !wanted;
      else player.toggle();
    },
    names: (wish) => {
      names = wish.names;
      controls.name(names);
    },
    tell: (wish) => {
      version = wish.version;
      views.tell(version);
      label();
    },
    follow: ({ key }) => (followed = key),
  };
  /** Those that show by themselves what they led to. */
  const others: Table = {
    retry: () => {
      arrival = load();
    },
    return: () => putBack(),
    recording: () => void controls.attempt(replay),
    mark: ({ by }) => {
      const said = marks.go(player, by);
      render(true);
      controls.announce(said);
    },
    view: ({ id }) => void choose(id),
    side: ({ side }) => void controls.attempt(() => compare(side)),
    load: ({ file: chosen }) => void controls.attempt(() => openFile(chosen)),
    help: () => void controls.attempt(async () => (await fetched(import('./help.ts'))).showKeys(root)),
    give: ({ what }) => void controls.attempt(async () => (await fetched(import('./files.ts'))).handOver(what, look(), version, controls)),
  };
  controls.bind((wish) => {
    if (carryOut(others, wish)) return;
    act(() => {
      if (!carryOut(wishes, wish)) carryOut(movesOf(player), wish);
    });
  });

  async function choose(id: string): Promise<void> {
    await controls.attempt(async () => void (await Promise.all([views.choose(id), sides.choose(id)])));
    if (destroyed) return;
    controls.view(views.chosen);
    label();
    render(true);
  }

  /** Opens a request; `log` is the one that has it, when it is not the player's. */
  function open(key: string, log = player.log): void {
    const follow = (one: string | null): void => act(() => (followed = one));
    void controls.attempt(() => opened.open(key, { player, log, names, followed, follow, act }));
  }

  /** Shows the run in the sandbox, that of the real servers, or both, at the same time of the one clock. */
  async function compare(side: Side): Promise<void> {
    // the sandbox's recording comes first
    awaited = blank() ? side : null;
    if (awaited) return;
    const inTime = turns.ask();
    try {
      const next = await sides.player(side, () => player);
      if (inTime()) begin(next, side);
    } catch (error) {
      sides.become(sides.shown, true);
      throw new Error(`The recording of the real servers could not be loaded: ${wordsOf(error)}.`);
    }
  }

  function label(): void {
    // the manager of the lecture is on the map only
    const truth = version === 'lecture' && views.chosen === 'map' ? 'model' : player.live ? 'live' : 'recording';
    controls.origin(truth, kept?.file, kept ? (kept.player.live ? 'Back to live' : 'Back to the recording') : '');
  }

  function begin(next: Player, side: Side = 'sandbox'): void {
    unsubscribe();
    opened.close();
    player = next;
    followed = null;
    loading = false;
    if (wanted) player.playing = true;
    wanted = false;
    awaited = null;
    unsubscribe = player.live ? player.log.subscribe(grew) : () => {};
    labelsAt = captionAt = 0;
    sides.become(side, !player.live && !kept?.file);
    label();
    controls.fail('');
    render();
    wake();
  }

  async function openFile(chosen: File): Promise<void> {
    const inTime = turns.ask();
    const { read } = await fetched(import('./files.ts'));
    const next = await read(chosen);
    if (!inTime()) return;
    controls.note('');
    kept = { ...(kept ?? { player, followed, side: sides.shown }), file: chosen.name };
    begin(next);
  }

  /** The recording, while something live goes on behind it. */
  async function replay(): Promise<void> {
    const inTime = turns.ask();
    const { src = '', start } = root.dataset;
    const next = await fetchRecording(src, Number(start));
    if (!inTime()) return;
    sides.forget();
    kept = { ...(kept ?? { player, followed, side: 'sandbox' }), file: '' };
    begin(next);
  }

  /** From a loaded file back to what was there before, as it was left. */
  function putBack(): void {
    if (!kept) return;
    const { player: last, followed: one, side } = kept;
    kept = null;
    turns.now();
    begin(last, side);
    // the file was opened before the recording had come
    if (blank()) void load();
    if (last.live) grew();
    act(() => (followed = one));
  }

  /** The player, once it has something to play. Throws when there is nothing. */
  async function loaded(): Promise<Player> {
    await arrival;
    if (blank() && !player.live) throw new Error('The recording could not be loaded, so there is nothing to play.');
    return player;
  }

  async function load(): Promise<void> {
    if (!source || !('src' in source)) return;
    const inTime = turns.ask();
    loading = true;
    controls.origin('recording');
    controls.fail('');
    render();
    try {
      const next = await fetchRecording(source.src, source.start);
      if (!inTime()) return;
      const side = awaited;
      begin(next);
      if (side) void controls.attempt(() => compare(side));
    } catch (error) {
      if (!inTime()) return;
      loading = false;
      wanted = false;
      render();
      controls.fail(`The recording could not be loaded: ${wordsOf(error)}.`);
    }
  }

  return {
    remote: steering,
    show(next) {
      if (source && isSame(source, next)) return;
      source = next;
      wanted = false;
      kept = null;
      sides.forget();
      turns.now();
      if ('log' in next) begin(new Player(next.log, true));
      else arrival = load();
    },
    play() {
      if (loading) wanted = true;
      else player.playing = true;
      render();
      wake();
    },
    open(key) {
      if (kept && source && 'log' in source) putBack();
      if (indexOf(player.log).requests.byKey.has(key)) open(key);
    },
    destroy() {
      destroyed = true;
      source = null;
      turns.end();
      summaries.stop();
      unsubscribe();
      steering.stop();
      opened.close();
      seenBySomebody.stop();
      controls.destroy();
      frames.stop();
      views.destroy();
      sides.destroy();
    },
  };
}
