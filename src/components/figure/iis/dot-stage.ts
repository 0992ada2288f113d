/**
 * The requests of the model as dots that stand at stations: a place in the queue, a seat in a room. When one gets to another
 * station it glides there along the lines, on the browser's compositor; between two changes nothing is done at all.
 */
import { dotsSvg } from '../../../diagram/dots.ts';
import type { Point, Route } from '../../../diagram/route.ts';
import { route } from '../../../diagram/route.ts';
import type { RequestRecord } from '../../../model/records.ts';
import type { IisState } from '../../../model/state.ts';
import type { ModelLayout } from './layout.ts';

interface Station {
  readonly name: string;
  readonly at: Point;
  /** The way from the queue; from the visitor for one that has come. */
  readonly way: Route;
  readonly record: RequestRecord;
}

interface Mark {
  readonly element: HTMLElement;
  station: Station;
  looks: string;
}

const HALF = 16;
const GLIDE = 420;
const SAMPLES = 14;
/** When more change at once than this, nobody could follow them: they are there at once. */
const CROWD = 40;

export class DotStage {
  readonly #map: Element;
  readonly #layout: ModelLayout;
  readonly #marks = new Map<string, Mark>();
  #t = Number.NEGATIVE_INFINITY;
  #drawn = '';

  constructor(map: Element, layout: ModelLayout) {
    this.#map = map;
    this.#layout = layout;
  }

  /** Puts the dots where they are at `state`. `calm`: without a way between stations. */
  draw(state: IisState, followed: string | null, calm: boolean): void {
    const stations = this.#stationsOf(state);
    const drawn = `${followed} ${stations.map((one) => `${one.record.arrival.key}@${one.name}`).join()}`;
    const before = this.#t;
    const forward = state.t >= before && before !== Number.NEGATIVE_INFINITY;
    this.#t = state.t;
    if (forward && !calm) for (const record of state.refused) if (record.end > before) this.#refuse(record);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const gone = new Set(this.#marks.keys());
    const changes = stations.filter(({ name, record }) => this.#marks.get(record.arrival.key)?.station.name !== name).length;
    const glide = forward && !calm && changes <= CROWD;
    for (const station of stations) {
      gone.delete(station.record.arrival.key);
      this.#place(station, followed, glide);
    }
    for (const key of gone) this.#leave(key, state, glide && gone.size <= CROWD);
  }

  /** The request whose dot is at a point of the drawing. */
  at(x: number, y: number): string | undefined {
    for (const [key, { station }] of this.#marks) if (Math.hypot(station.at[0] - x, station.at[1] - y) < 14) return key;
    return undefined;
  }

  #stationsOf({ waiting, processes }: IisState): Station[] {
    const { places, rooms, come } = this.#layout;
    const line = waiting.slice(0, places.length).map((record, i): Station => {
      const way = come(i + 1);
      return { name: `q${i}`, at: way.at(1), way, record };
    });
    const inside = processes.flatMap((process) => {
      const room = rooms[process.room - 1];
      const seen = process.running.filter((record) => room && record.seat <= room.seats.length);
      return seen.map((record): Station => {
        const way = (room as NonNullable<typeof room>).take(record.seat);
        return { name: `s${process.room}.${record.seat}`, at: way.at(1), way, record };
      });
    });
    return [...line, ...inside];
  }

  #place(station: Station, followed: string | null, glide: boolean): void {
    const { arrival } = station.record;
    const found = this.#marks.get(arrival.key);
    const mark = found ?? { element: this.#make(), station, looks: '' };
    const waits = station.name.startsWith('q');
    this.#paint(mark, waits ? 'wait' : 'busy', waits, arrival.key === followed);
    if (found?.station.name === station.name) return;
    const before = found?.station;
    mark.station = station;
    mark.element.style.transform = transform(station.at);
    this.#marks.set(arrival.key, mark);
    if (!glide) return;
    if (!before) this.#glide(mark, waits ? [station.way] : [this.#layout.come(1), station.way]);
    else if (waits) this.#glide(mark, [route([before.at, station.at])]);
    else this.#glide(mark, [route([before.at, station.way.at(0)]), station.way]);
  }

  /** Away with its answer, or with none. */
  #leave(key: string, state: IisState, glide: boolean): void {
    const mark = this.#marks.get(key);
    if (!mark) return;
    this.#marks.delete(key);
    const { record, name } = mark.station;
    const room = state.processes.find((one) => one.id === record.process)?.room ?? Number(name.match(/^s(\d+)/)?.[1] ?? 0);
    const way = this.#layout.rooms[room - 1]?.leave(record.seat);
    if (!glide || !way || record.outcome === null || record.end > state.t) {
      mark.element.remove();
      return;
    }
    this.#paint(mark, record.outcome === 'done' ? 'ok' : 'failed', false, false);
    mark.element.style.transform = transform(way.at(1));
    this.#away(mark, way);
  }

  /** To the gate and back with a 503, seen only on the way. */
  #refuse(record: RequestRecord): void {
    const { turn } = this.#layout;
    const mark: Mark = { element: this.#make(), station: { name: '', at: turn.at(1), way: turn, record }, looks: '' };
    this.#paint(mark, 'server-error', false, false);
    mark.element.style.transform = transform(turn.at(1));
    this.#away(mark, turn);
  }

  #away(mark: Mark, way: Route): void {
    const gone = (): void => mark.element.remove();
    this.#glide(mark, [way]).finished.then(gone, gone);
  }

  #glide({ element }: Mark, ways: readonly Route[]): Animation {
    const points = ways.flatMap((way) => Array.from({ length: SAMPLES + 1 }, (_, i) => way.at(i / SAMPLES)));
    return element.animate(
      points.map((point) => ({ transform: transform(point) })),
      { duration: GLIDE, easing: 'ease-in-out' },
    );
  }

  #paint(mark: Mark, tone: 'wait' | 'busy' | 'ok' | 'failed' | 'server-error', hollow: boolean, followed: boolean): void {
    const { number } = mark.station.record.arrival;
    const looks = `${tone} ${number} ${followed}`;
    if (mark.looks === looks) return;
    mark.looks = looks;
    const shape = hollow ? 'ring' : tone === 'failed' ? 'hourglass' : tone === 'server-error' ? 'square' : 'disc';
    const dot = { key: '', number, x: 0, y: 0, shape, tone: followed ? 'follow' : tone, followed, sealed: false } as const;
    const ring = followed ? '<circle class="dot-ring" r="13"/>' : '';
    mark.element.innerHTML = `<svg viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}">${dotsSvg([dot])}${ring}</svg>`;
  }

  #make(): HTMLElement {
    const element = document.createElement('i');
    element.className = 'mark';
    // between the lines and the nodes
    this.#map.querySelector('.nodes')?.before(element);
    return element;
  }
}

const transform = ([x, y]: Point): string => `translate(${(x - HALF).toFixed(1)}px, ${(y - HALF).toFixed(1)}px)`;
