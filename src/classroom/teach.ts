/**
 * The teacher's end: tells the relay where the class is, one message after another and always the newest, and hears how many follow. The
 * key came with the fragment of the address, which no server and no student ever sees; it is kept for this tab only.
 */
import { isObject } from '../is-object.ts';
import { siteBase } from '../site.ts';
import { inTab } from '../storage.ts';
import { type Count, type Place, ROOM, readCount, type Told } from './place.ts';
import { pauseBefore, reasonIn } from './stream.ts';

export interface Class {
  readonly room: string;
  readonly key: string;
}

const KEPT = 'ftr:class';
/** Without anything new the relay is asked so often (ms) who follows. */
const ASK_MS = 2000;

/** What no other try can mend: the stage says it in full. */
export const WRONG_KEY = 'This key is not this class’s. Copy your address from the terminal again.';

/** The class of this tab: from `#room=…&key=…`, which is taken out of the address at once, or from before. Null: there is none. */
export function classOfTab(): Class | null {
  const given = new URLSearchParams(location.hash.slice(1));
  const [room, key] = [given.get('room'), given.get('key')];
  if (room && key && ROOM.test(room)) {
    history.replaceState(history.state, '', `${location.pathname}${location.search}`);
    inTab.keep(KEPT, JSON.stringify({ room, key }));
    return { room, key };
  }
  try {
    const kept: unknown = JSON.parse(inTab.recall(KEPT) ?? 'null');
    if (!isObject(kept)) return null;
    const { room: one, key: other } = kept;
    return typeof one === 'string' && typeof other === 'string' ? { room: one, key: other } : null;
  } catch {
    return null;
  }
}

/** Tells the class of this tab, if there is one: now, and when its address is pasted over that of the open page, which only changes the fragment. */
export function watchClass(heard: (mine: Class) => void): void {
  const look = (): void => {
    const mine = classOfTab();
    if (mine) heard(mine);
  };
  look();
  window.addEventListener('hashchange', look);
}

export class Teaching {
  readonly #class: Class;
  readonly #heard: (count: Count | null, trouble: string) => void;
  #place: Place | null = null;
  /** When the recording was where `#place` says (ms, performance.now()). */
  #since = 0;
  #changed = false;
  #sending = false;
  #failures = 0;
  /** Nothing is sent any more: the key was refused, or another class has taken the place of this one. */
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `heard` gets the numbers, or what keeps them away. */
  constructor(of: Class, heard: (count: Count | null, trouble: string) => void) {
    this.#class = of;
    this.#heard = heard;
  }

  /** A place that is told again changes nothing; a moment is new when it is another object, as the figure makes one for every move. */
  tell(place: Place): void {
    const { lesson, step, moment } = this.#place ?? {};
    if (lesson === place.lesson && step === place.step && moment === place.moment) return;
    if (moment !== place.moment) this.#since = performance.now();
    this.#place = place;
    this.#changed = true;
    if (!this.#sending && !this.#over && this.#failures === 0) void this.#send();
  }

  /** The page goes: a recording that plays stands still for the class. Sent at once, and on its way after the page is gone. */
  leave(): void {
    const { moment } = this.#place ?? {};
    if (!this.#place || !moment?.playing || this.#over) return;
    const now = performance.now();
    this.#place = { ...this.#place, moment: { ...moment, t: moment.t + (now - this.#since) * moment.speed, playing: false } };
    this.#since = now;
    this.#changed = true;
    void this.#send();
  }

  /** Says and hears nothing any more. */
  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#sending = true;
    const sent = this.#changed ? this.#place : null;
    this.#changed = false;
    try {
      const answer = await fetch(`${siteBase()}room/${this.#class.room}`, {
        method: 'POST',
        keepalive: true,
        headers: { 'Content-Type': 'application/json', 'X-Presenter-Key': this.#class.key },
        // with its age: what is said again must not throw the class back to where the recording was when it began to play
        body: JSON.stringify(sent ? { place: { ...sent, ago: performance.now() - this.#since } satisfies Told } : {}),
      });
      if (this.#over) return;
      if (answer.status === 403) {
        this.#over = true;
        this.#heard(null, WRONG_KEY);
        return;
      }
      if (!answer.ok) throw new Error(await reasonIn(answer));
      const count = readCount(await answer.json());
      this.#heard(count, '');
      this.#changed ||= !count.placed && this.#place !== null;
      this.#failures = 0;
    } catch (error) {
      if (this.#over) return;
      // it is said again when the relay is back
      this.#changed ||= sent !== null;
      this.#failures++;
      this.#heard(null, `The class is not reached: ${error instanceof Error ? error.message : error}`);
    }
    this.#sending = false;
    const soon = this.#changed && this.#failures === 0;
    const pause = this.#failures ? pauseBefore(this.#failures - 1, Math.random()) : ASK_MS;
    this.#timer = setTimeout(() => void this.#send(), soon ? 0 : pause);
  }
}
