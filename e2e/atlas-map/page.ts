/** The page's side of e2e/atlas-map.spec.ts: the map over the states of the atlas, and what was chosen in it. */
import { STATES } from '../../src/diagram/atlas.ts';
import type { Diagram } from '../../src/diagram/diagram.ts';
import { mountDiagram } from '../../src/diagram/diagram.ts';
import type { Version } from '../../src/diagram/layout.ts';
import { frameAt } from '../../src/trace/frame.ts';
import { TraceLog } from '../../src/trace/log.ts';

const states = new Map(STATES.flatMap((group) => group.states).map((state) => [state.id, state]));
const chosen: string[] = [];
let log = new TraceLog();
let diagram: Diagram | null = null;

const theMap = {
  chosen,
  /** Shows a state of the atlas. */
  show(id: string): void {
    const state = states.get(id);
    const stage = document.querySelector<HTMLElement>('.stage');
    if (!state || !stage) throw new Error(`no state ${id}`);
    log = state.log;
    diagram ??= mountDiagram(stage, { onChoose: (choice) => void chosen.push(JSON.stringify(choice)), log: () => log });
    diagram.show(frameAt(log, state.t), state.followed ?? null);
  },
  tell(version: Version): void {
    diagram?.tell(version);
  },
};
export type TheMap = typeof theMap;
Object.assign(globalThis, { theMap });
