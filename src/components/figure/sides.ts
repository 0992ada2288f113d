/**
 * The run in the sandbox and the same requests to the real servers: either of the two recordings, or both at once on one clock.
 * The second recording is fetched when somebody asks for it; its times are put on the first one's clock, so that both begin with
 * their first request.
 */
import type { RealServers } from '../../../sandboxes/host/events.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { Player } from './player.ts';
import { fetchLog } from './recording.ts';
import { SIDE_NAMES, type Side } from './side-names.ts';
import type { Seen, ViewEvents } from './view.ts';
import { Views } from './views.ts';

export class Sides {
  readonly #root: HTMLElement;
  readonly #src: string;
  readonly #open: (key: string, log: TraceLog) => void;
  readonly #seek: ViewEvents['seek'];
  #side: Side = 'sandbox';
  /** Plays the sandbox's recording. */
  #own: Player | null = null;
  /** The real servers' recording on the sandbox's clock. */
  #real: { readonly of: TraceLog; readonly log: TraceLog } | null = null;
  #second: Views | null = null;
  #view = 'map';

  /** `open` opens a request of that log, `seek` goes to a trace time. */
  constructor(root: HTMLElement, open: (key: string, log: TraceLog) => void, seek: ViewEvents['seek']) {
    this.#root = root;
    this.#src = root.dataset['real'] ?? '';
    this.#open = open;
    this.#seek = seek;
  }

  get shown(): Side {
    return this.#side;
  }

  /** The sandbox's recording is another one from now on. */
  forget(): void {
    this.#own = null;
  }

  /**
   * The player of that side, where the one that `now` gives is. The first that is compared plays the sandbox's recording. Fails when the
   * second recording does not come.
   */
  async player(side: Side, now: () => Player): Promise<Player> {
    this.#own ??= now();
    const { log, start } = this.#own;
    if (side !== 'sandbox' && this.#real?.of !== log) this.#real = { of: log, log: onClockOf(log, await fetchLog(this.#src)) };
    const real = side === 'sandbox' ? null : (this.#real?.log ?? null);
    const [shown, beside] = side === 'servers' && real ? [real, null] : [log, real];
    const player = new Player(shown, false, start, beside);
    const { t, speed, playing } = now();
    player.speed = speed;
    player.seekTo(t);
    player.playing = playing && !player.atEnd;
    return player;
  }

  /** From now on that side is shown. `choice`: there is one to be made. */
  become(side: Side, choice: boolean): void {
    this.#side = side;
    const row = this.#part('.sides');
    if (!row) return;
    row.hidden = !choice;
    const radio = row.querySelector<HTMLInputElement>(`[value="${side}"]`);
    if (radio) radio.checked = true;
    const about = this.#part('.about-real');
    const header = this.#real?.log.header;
    if (about) about.textContent = side !== 'sandbox' && header?.real ? aboutReal(header.real, header.made) : '';
    this.#root.classList.toggle('both', side === 'both');
    const beside = this.#part('.beside');
    if (beside) beside.hidden = side !== 'both';
    if (side === 'both') this.#mount();
    else this.#unmount();
  }

  /** Shows the other side of what the figure shows. */
  show(seen: Seen): void {
    const other = this.#other(seen);
    if (other) this.#second?.show(other);
  }

  move(seen: Seen): void {
    const other = this.#other(seen);
    if (other) this.#second?.move(other);
  }

  /** The view of that name, on this side too. */
  async choose(view: string): Promise<void> {
    this.#view = view;
    await this.#second?.choose(view);
  }

  destroy(): void {
    this.#unmount();
  }

  #other({ log, t, followed, names, clock }: Seen): Seen | null {
    const real = this.#second && this.#real?.log;
    if (!real) return null;
    const number = followed === null ? undefined : indexOf(log).requests.byKey.get(followed)?.number;
    const same = number === undefined ? undefined : indexOf(real).requests.list.find((one) => one.number === number);
    return { log: real, t, frame: frameAt(real, t), followed: same?.key ?? null, names, ...(clock ? { clock } : {}) };
  }

  #mount(): void {
    const beside = this.#part('.beside');
    if (this.#second || !beside) return;
    beside.innerHTML = `<p class="side-name" aria-hidden="true">${SIDE_NAMES.servers}</p><div class="stage" tabindex="0" role="group" aria-label="The same requests to the real servers"></div><div class="other" hidden></div>`;
    const [stage, other] = [this.#part('.beside .stage'), this.#part('.beside .other')];
    if (!stage || !other) return;
    const open = (key: string): void => {
      if (this.#real) this.#open(key, this.#real.log);
    };
    this.#second = new Views(stage, other, { open, seek: this.#seek });
    void this.#second.choose(this.#view);
  }

  #unmount(): void {
    this.#second?.destroy();
    this.#second = null;
    this.#part('.beside')?.replaceChildren();
  }

  #part(selector: string): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(selector);
  }
}

/** When the first request leaves (trace time, ms). */
function firstRequest({ events }: TraceLog): number {
  return events.find(({ type }) => type === 'client.request' || type === 'client.failed')?.t ?? 0;
}

/** `log` with its first request at the time of that of `own`. */
export function onClockOf(own: TraceLog, log: TraceLog): TraceLog {
  const later = firstRequest(own) - firstRequest(log);
  return new TraceLog(
    log.events.map((event) => ({ ...event, t: event.t + later })),
    log.header,
  );
}

/** What the recording is of, and what it cannot show. */
export function aboutReal({ nginx, uwsgi, machine }: RealServers, made: string): string {
  const day = new Date(made).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return `Recording of the real nginx ${nginx} and uWSGI ${uwsgi} on ${machine}, ${day}. Who waits in the queue, and who accepts when, nobody can see there: it is left out. Starts and ends of processes are good to about 10 ms.`;
}
