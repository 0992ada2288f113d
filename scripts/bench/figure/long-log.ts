/** A long run made by hand: 100,000 events and some. */
import { Scene } from '../../../src/diagram/atlas-logs.ts';
import type { TraceLog } from '../../../src/trace/log.ts';

export function longLog(): TraceLog {
  const scene = Scene.up(4);
  for (let i = 0; i < 7750; i++) {
    const sent = 100 + i * 5;
    const more = { queued: sent + 2, taken: sent + 6, returned: sent + 18, response: sent + 19, done: sent + 20 };
    scene.request('http://localhost/', { sent, gate: sent + 1, ...more }, { worker: (i % 4) + 1 });
  }
  return scene.log();
}
