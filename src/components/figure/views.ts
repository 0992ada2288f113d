/** The ways to look at the log, one at a time: the map is there from the start, the others are fetched when first chosen. */
import { type Choice, chosenRequest, type Diagram, mountDiagram } from '../../diagram/diagram.ts';
import type { Version } from '../../diagram/layout.ts';
import { TraceLog } from '../../trace/log.ts';
import { OTHER_VIEWS } from './parts.ts';
import type { Seen, View, ViewEvents } from './view.ts';

export class Views {
  readonly #stage: HTMLElement;
  readonly #other: HTMLElement;
  readonly #events: ViewEvents;
  readonly #map: View;
  readonly #diagram: Diagram;
  #chosen = 'map';
  #shown: View;
  #seen: Seen | null = null;
  #log = new TraceLog();

  /** `stage` is where the map is, `other` where the others are mounted. */
  constructor(stage: HTMLElement, other: HTMLElement, events: ViewEvents) {
    this.#stage = stage;
    this.#other = other;
    this.#events = events;
    const options = {
      onChoose: (choice: Choice): void => {
        const key = chosenRequest(choice, this.#seen?.frame);
        if (key) events.open(key);
      },
      log: () => this.#log,
    };
    const diagram: Diagram = mountDiagram(stage, options);
    this.#diagram = diagram;
    this.#map = {
      show({ frame, followed, names }) {
        diagram.rename(names);
        diagram.show(frame, followed);
      },
      move: ({ frame, followed }) => diagram.move(frame, followed),
      destroy: () => diagram.destroy(),
    };
    this.#shown = this.#map;
  }

  show(seen: Seen): void {
    this.#seen = seen;
    this.#log = seen.log;
    this.#shown.show(seen);
  }

  move(seen: Seen): void {
    this.#seen = seen;
    this.#shown.move(seen);
  }

  /** Shows the view of that name from now on. Fails when it cannot be fetched; then the one before stays. */
  async choose(id: string): Promise<void> {
    const before = this.#chosen;
    this.#chosen = id;
    try {
      const part = OTHER_VIEWS.find((view) => view.id === id);
      const mount = part ? await part.load() : null;
      // another one was chosen meanwhile, or none is shown any more
      if (this.#chosen !== id) return;
      if (this.#shown !== this.#map) this.#shown.destroy();
      this.#other.replaceChildren();
      this.#stage.hidden = mount !== null;
      this.#other.hidden = mount === null;
      this.#shown = mount ? mount(this.#other, this.#events) : this.#map;
      if (this.#seen) this.#shown.show(this.#seen);
    } catch (error) {
      if (this.#chosen === id) this.#chosen = before;
      throw error;
    }
  }

  /** Which of them is shown, or is being fetched. */
  get chosen(): string {
    return this.#chosen;
  }

  tell(version: Version): void {
    this.#diagram.tell(version);
  }

  destroy(): void {
    this.#chosen = '';
    if (this.#shown !== this.#map) this.#shown.destroy();
    this.#map.destroy();
  }
}
