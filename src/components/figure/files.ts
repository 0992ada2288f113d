/** The log as a file: what can be saved and exported, and how a saved one is read. */

import type { TraceHeader } from '../../../sandboxes/host/events.ts';
import { TRACE_VERSION } from '../../../sandboxes/host/events.ts';
import type { Version } from '../../diagram/layout.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { download } from '../download.ts';
import { type Controls, wordsOf } from './controls.ts';
import { copy, mayForbid } from './copy.ts';
import { fetched } from './fetched.ts';
import type { Gift } from './keys.ts';
import { Player } from './player.ts';
import type { Seen } from './view.ts';

interface TextFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Makes the file, hands it over, and says so in the figure. */
export async function handOver(kind: Gift, seen: Seen, version: Version, controls: Controls): Promise<void> {
  const file = await fileOf(kind, seen, version);
  download(file.name, file.type, file.text);
  const lost = kind === 'svg' ? '' : droppedText(seen.log);
  const doubt = mayForbid() ? ' If no file came, the page around this one forbids downloads: copy the text.' : '';
  controls.note(`Saved as ${file.name}.${lost}${doubt}`, 'Copy the text', async () => {
    const done = await copy(file.text);
    controls.note(done ? 'Copied.' : 'The browser forbids copying here, too. Open this page in a tab of its own.');
  });
}

async function fileOf(kind: Gift, seen: Seen, version: Version): Promise<TextFile> {
  const header = headerOf(seen.log);
  const name = `${header.lesson}-${header.scenario}`;
  if (kind === 'trace') {
    const { chromeTrace } = await fetched(import('../../trace/chrome-trace.ts'));
    return { name: `${name}.trace.json`, type: 'application/json', text: chromeTrace(seen.log) };
  }
  if (kind === 'svg') {
    const { svgOfMoment } = await fetched(import('../../diagram/export.ts'));
    const { frame, followed, names, log } = seen;
    const truth = version === 'lecture' ? 'model' : log.header ? 'recording' : 'live';
    const text = svgOfMoment(frame, { followed, names, dark: isDark(), version, log, truth });
    return { name: `${name}-${Math.round(seen.t)}ms.svg`, type: 'image/svg+xml', text };
  }
  return { name: `${name}.ndjson`, type: 'application/x-ndjson', text: seen.log.serialise(header) };
}

/** What a saved log says about itself: what it was read with, or where and when it ran. */
function headerOf(log: TraceLog): TraceHeader {
  const lesson = location.pathname.split('/').filter(Boolean).at(-1) ?? 'home';
  return log.header ?? { v: TRACE_VERSION, kind: 'recording', lesson, scenario: 'live', inputs: '', made: new Date().toISOString() };
}

/** A live log keeps the newest events only: says how many are gone. */
function droppedText({ dropped }: TraceLog): string {
  return dropped ? ` ${dropped.toLocaleString('en')} older events are not in it: a live log keeps the newest ones.` : '';
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** The player of a saved log, at its first moment. Errors name the file and the line. */
export async function read(file: File): Promise<Player> {
  try {
    const log = TraceLog.parse(await file.text());
    const player = new Player(log, false, indexOf(log).moments[0]?.t ?? 0);
    // what no frame can be made of is refused while the one before is still there
    for (const t of [player.start, log.end]) frameAt(log, t);
    return player;
  } catch (error) {
    throw new Error(`${file.name} is no saved log: ${wordsOf(error)}. Save one here to see what it looks like.`);
  }
}
