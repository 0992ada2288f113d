/**
 * Brings the markup of Figure.svelte to life: a log, live or from an address, drawn as the map, moved through by the controls.
 * Only a figure that is on screen and has something to show does anything. Plain DOM, so that a page which only plays a
 * recording needs nothing else.
 */
import type { Diagram } from '../../diagram/diagram.ts';
import { mountDiagram } from '../../diagram/diagram.ts';
import type { Names } from '../../diagram/words.ts';
import { inWords } from '../../diagram/words.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { account, seconds, sentence } from '../../trace/text.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { Controls } from './controls.ts';
import { Player } from './player.ts';

/** The log of a run that goes on, or where a recording is and at which trace time (ms) it begins. */
export type Source = { readonly log: TraceLog } | { readonly src: string; readonly start: number };

export interface Figure {
  /** Shows something else from now on; the same source again changes nothing. */
  show(source: Source): void;
  /** Plays, as soon as there is something to play. */
  play(): void;
  destroy(): void;
}

/** While playing only the dots move in every frame. Labels, slider and words follow at their own pace, what is read aloud last. */
const LABELS_EVERY = 100;
const CAPTION_EVERY = 300;
const STATUS_EVERY = 3000;
/** Further behind than this (screen ms), a live figure offers to catch up. */
const FAR_BEHIND = 6000;
const LINES = 400;
const NOTHING_YET = 'Nothing has happened yet.';

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export function mountFigure(root: HTMLElement): Figure {
  const controls = new Controls(root);
  const { stage } = controls;
  const diagram: Diagram = mountDiagram(stage, { onChoose: choose });
  let source: Source | null = null;
  let player = new Player(new TraceLog(), false);
  let unsubscribe = (): void => {};
  let followed: string | null = null;
  let names: Names = 'python';
  /** Asked to play before the recording has come. */
  let wanted = false;
  let loading = false;
  let visible = true;
  let request = 0;
  let before = 0;
  let labelsAt = 0;
  let captionAt = 0;
  let statusAt = 0;

  const blank = (): boolean => player.log.events.length === 0;

  /** Draws the present position. `told`: the visitor asked for it, so say what is there. */
  function render(told = false): void {
    const time = performance.now();
    const frame = frameAt(player.log, player.t);
    if (!told && player.playing && time - labelsAt < LABELS_EVERY) {
      diagram.move(frame, followed);
      return;
    }
    labelsAt = time;
    const { end } = player;
    controls.set({
      playing: wanted || (player.playing && !blank()),
      playable: loading || !blank(),
      blank: blank(),
      screen: player.screen,
      end: Math.max(1, end),
      speed: player.speed,
      behind: player.live && (!player.playing || end - player.screen > FAR_BEHIND),
    });
    if (!blank() || player.live) diagram.show(frame, followed);
    if (told || !player.playing || time - captionAt > CAPTION_EVERY) {
      captionAt = time;
      caption();
    }
    if (told || (player.playing && time - statusAt > STATUS_EVERY)) {
      statusAt = time;
      controls.announce();
    }
  }

  function caption(): void {
    // until the recording is here, what the page says of it stays
    if (blank() && !player.live) return;
    const index = indexOf(player.log);
    const at = index.momentAt(player.t);
    const moment = index.moments[at];
    controls.say(seconds(player.t), blank() ? '' : player.pace, moment ? inWords(sentence(player.log, moment), names) : NOTHING_YET);
    controls.offer(index.requests.list, followed);
    if (!controls.asText) return;
    const lines = account(player.log, Math.max(0, at + 1 - LINES), at + 1);
    controls.list(
      lines.map((line) => inWords(line, names)),
      NOTHING_YET,
    );
  }

  function wake(): void {
    if (request || !visible || !player.playing) return;
    before = performance.now();
    request = requestAnimationFrame(tick);
  }

  function tick(time: number): void {
    request = 0;
    const more = player.tick(Math.min(100, Math.max(0, time - before)), time);
    before = time;
    if (more && visible) {
      render();
      request = requestAnimationFrame(tick);
    } else render(true);
  }

  function act(what: () => void): void {
    what();
    render(true);
    wake();
  }

  function toggle(): void {
    if (loading) wanted = !wanted;
    else player.toggle();
  }

  function choose(choice: { worker: number } | { request: string }): void {
    const key =
      'request' in choice
        ? choice.request
        : frameAt(player.log, player.t).workers.find((worker) => worker.worker === choice.worker)?.request;
    if (key) act(() => (followed = key === followed ? null : key));
  }

  function rename(next: Names): void {
    names = next;
    controls.name(names);
    diagram.rename(names);
  }

  controls.bind((wish) => {
    if (wish.do === 'retry') return void load();
    act(() => {
      switch (wish.do) {
        case 'play':
          return toggle();
        case 'back':
          return player.step(-1);
        case 'forward':
          return player.step(1);
        case 'start':
          return player.restart();
        case 'live':
          return player.toLive();
        case 'seek':
          return player.seek(wish.screen);
        case 'move':
          return player.seek(player.screen + wish.by);
        case 'speed':
          player.speed = wish.speed;
          return;
        case 'faster':
          return player.changeSpeed(wish.by);
        case 'names':
          return rename(wish.names);
        case 'follow':
          followed = wish.key;
      }
    });
  });

  function begin(next: Player): void {
    unsubscribe();
    player = next;
    followed = null;
    loading = false;
    if (wanted) player.playing = true;
    wanted = false;
    unsubscribe = player.live ? player.log.subscribe(grew) : () => {};
    labelsAt = 0;
    captionAt = 0;
    render();
    wake();
  }

  function grew(): void {
    player.grew(performance.now());
    if (!player.playing) render();
    wake();
  }

  async function load(): Promise<void> {
    const asked = source;
    if (!asked || !('src' in asked)) return;
    loading = true;
    controls.fail('');
    render();
    try {
      const answer = await fetch(asked.src);
      if (!answer.ok) throw new Error(`the server says ${answer.status}`);
      // In pieces, so that a slow phone can answer a touch in between.
      const log = TraceLog.parse(await answer.text());
      await breath();
      const next = new Player(log, false, asked.start);
      await breath();
      if (source === asked) begin(next);
    } catch (error) {
      if (source !== asked) return;
      loading = false;
      wanted = false;
      render();
      controls.fail(`The recording could not be loaded: ${error instanceof Error ? error.message : error}.`);
    }
  }

  const onScreen = new IntersectionObserver((entries) => {
    // several may have gathered: the last one holds
    visible = entries.at(-1)?.isIntersecting ?? true;
    wake();
  });
  onScreen.observe(root);

  return {
    show(next) {
      if (source && ('log' in next ? 'log' in source && source.log === next.log : 'src' in source && source.src === next.src)) return;
      source = next;
      wanted = false;
      controls.label('log' in next ? 'live' : 'recording');
      if ('log' in next) begin(new Player(next.log, true));
      else void load();
    },
    play() {
      if (loading) wanted = true;
      else player.playing = true;
      render();
      wake();
    },
    destroy() {
      source = null;
      unsubscribe();
      onScreen.disconnect();
      cancelAnimationFrame(request);
      diagram.destroy();
    },
  };
}
