/** The lanes as SVG text. Across, pixels; what is narrower than two of them is drawn together with its neighbours. */
import { LAMP_SHAPE, shapePath } from '../../diagram/shapes.ts';
import type { Names } from '../../diagram/words.ts';
import { WORDS } from '../../diagram/words.ts';
import { escaped } from '../../escaped.ts';
import type { Frame } from '../../trace/frame.ts';
import type { Marker } from '../../trace/markers.ts';
import { duration, pathOf, seconds } from '../../trace/text.ts';
import type { Life, Span, Stretch } from './lanes-data.ts';
import type { LanesLayout, Row, Tracks } from './lanes-layout.ts';
import { MARK_SHAPE, statusShape } from './status.ts';

/** How time becomes a place: the part that is drawn, from `first` on. */
interface Scale {
  /** Pixels from the left edge of what is drawn. */
  x(t: number): number;
  /** Trace time there. */
  t(x: number): number;
  readonly width: number;
}

interface Drawn {
  readonly stretch: Stretch;
  readonly layout: LanesLayout;
  readonly scale: Scale;
  readonly tracks: Tracks;
  readonly names: Names;
  readonly followed: string | null;
  /** The longest line there ever was. */
  readonly longest: number;
  readonly marks: readonly Marker[];
}

/** Narrower than this, a span is no element of its own; in a crowd that is more. */
const THIN = 2;
const THIN_IN_CROWD = 16;
const CROWD = 60;
const TICK_EVERY = 96;
const px = (value: number): string => value.toFixed(1);
/** What a log says, as text: a loaded file may say anything. */
const said = (value: number | string): string => escaped(String(value));

/** All that moves with time. */
export function paperSvg(drawn: Drawn): string {
  const { layout } = drawn;
  return `${axisSvg(drawn)}${queueSvg(drawn)}${layout.rows.map((row) => rowSvg(row, drawn)).join('')}${marksSvg(drawn)}`;
}

function axisSvg({ layout, scale }: Drawn): string {
  const bottom = layout.height - layout.axis;
  let ticks = '';
  for (let x = 0; x < scale.width; x += TICK_EVERY)
    ticks += `<path class="tick" d="M${x} 0V${px(bottom + 4)}"/><text class="time" x="${x + 4}" y="${px(layout.height - 6)}">${seconds(Math.max(0, scale.t(x)))}</text>`;
  return ticks;
}

/** How many wait, as steps; many in one pixel become their highest. */
function queueSvg({ stretch, layout, scale, longest }: Drawn): string {
  if (!stretch.queueSeen) return '';
  const { y, h } = layout.queue;
  const { limit } = stretch;
  const most = Math.max(4, limit !== null && limit <= longest * 2 ? limit : longest);
  const base = y + h;
  const up = (waiting: number): string => px(base - (waiting / most) * (h - 4));
  let d = `M0 ${base}`;
  let last = Number.NEGATIVE_INFINITY;
  let drawn = 0;
  let present = 0;
  for (const { t, waiting } of stretch.depths) {
    const x = Math.max(0, scale.x(t));
    if (x - last < 0.5) {
      if (waiting > drawn) d += `V${up(waiting)}`;
      drawn = Math.max(drawn, waiting);
    } else {
      // what it fell to within the pixel before
      if (present !== drawn) d += `H${px(last + 0.5)}V${up(present)}`;
      d += `H${px(x)}V${up(waiting)}`;
      drawn = waiting;
      last = x;
    }
    present = waiting;
  }
  if (present !== drawn) d += `H${px(last + 0.5)}V${up(present)}`;
  const line = limit !== null && limit <= most ? `<path class="limit" d="M0 ${up(limit)}H${px(scale.width)}"/>` : '';
  return `<path class="depth" d="${d}H${px(scale.width)}V${base}z"/>${line}`;
}

function rowSvg(row: Row, drawn: Drawn): string {
  const { scale, followed } = drawn;
  const thin = { work: '', wait: '', way: '' };
  const least = row.lane.spans.length > CROWD ? THIN_IN_CROWD : THIN;
  let wide = '';
  /** How far each bar is drawn. */
  const until = new Map<string, number>();
  for (const span of row.lane.spans) {
    const x = Math.max(-8, scale.x(span.from));
    const end = Math.min(scale.width + 8, Number.isFinite(span.to) ? scale.x(span.to) : scale.width + 8);
    const bar = barOf(row, span, drawn.tracks);
    if (end - x >= least || span.request.key === followed) {
      wide += spanSvg(row, span, x, Math.max(end, x + THIN), bar, drawn);
      continue;
    }
    // that pixel is drawn already
    const place = `${span.kind} ${bar.y}`;
    if (x < (until.get(place) ?? Number.NEGATIVE_INFINITY)) continue;
    const width = Math.max(1.5, end - x);
    thin[span.kind] += `M${px(x)} ${px(bar.y)}h${px(width)}v${px(bar.h)}h${px(-width)}z`;
    until.set(place, x + width);
  }
  const merged = Object.entries(thin).map(([kind, d]) => (d ? `<path class="span ${kind}" d="${d}"/>` : ''));
  return `${row.lane.lives.map((life) => lifeSvg(row, life, drawn)).join('')}${merged.join('')}${wide}`;
}

function barOf(row: Row, span: Span, tracks: Tracks): { y: number; h: number } {
  if (row.lane.worker !== null) {
    const h = Math.max(8, Math.min(30, row.h - 6));
    return { y: row.y + (row.h - h) / 2, h };
  }
  const h = (row.h - 4) / tracks.count;
  return { y: row.y + 2 + h * tracks.of(span.request.key), h: Math.max(1.5, h - 1.5) };
}

function spanSvg(row: Row, span: Span, x: number, end: number, bar: { y: number; h: number }, drawn: Drawn): string {
  const { request, kind } = span;
  const width = end - x;
  const mine = request.key === drawn.followed ? ' followed' : '';
  const rect = `<rect x="${px(x)}" y="${px(bar.y)}" width="${px(width)}" height="${px(bar.h)}" rx="${kind === 'work' ? 4 : 1}"/>`;
  const over = Number.isFinite(span.to) && request.status !== null;
  const { shape, tone } = statusShape(request.status);
  const radius = Math.min(5, bar.h / 2 + 1);
  const mark =
    over && kind !== 'wait' && width > 10
      ? `<path class="end" data-tone="${tone}" d="${shapePath(shape, Number(px(end)), Number(px(bar.y + bar.h / 2)), radius)}"/>`
      : '';
  if (kind !== 'work') {
    if (row.lane.id === 'nginx') return `<g class="span ${kind}${mine}" data-key="${said(request.key)}">${rect}</g>`;
    return button(row, span, mine, `${rect}${mark}`, '', drawn.names);
  }
  const words = bar.h < 10 ? '' : wordsOf(span, width);
  return button(row, span, mine, `${rect}${wordsSvg(words, x, width, bar)}${mark}`, words, drawn.names);
}

/** What there is space for on a bar of that width. */
function wordsOf({ request, from, to }: Span, width: number): string {
  const took = Number.isFinite(to) ? ` ${duration(to - from)}` : '';
  const full = `${request.number} ${pathOf(request.url)}${took}`;
  return [full, `${request.number}${took}`, String(request.number)].find((text) => text.length * 6.6 + 14 < width) ?? '';
}

function wordsSvg(words: string, x: number, width: number, bar: { y: number; h: number }): string {
  if (!words) return '';
  // how far the words may go with the left edge, see the view
  const until = x + width - words.length * 6.6 - 8;
  return `<text class="words" data-from="${px(x + 6)}" data-to="${px(until)}" x="${px(x + 6)}" y="${px(bar.y + bar.h / 2 + 4)}">${escaped(words)}</text>`;
}

/** A span to press. Its name holds the words that are to be seen on it, so that it can be called by them. */
function button(row: Row, span: Span, mine: string, inside: string, words: string, names: Names): string {
  const label = `${laneName(row.lane.worker, row.lane.id, names)}: ${spanText(span)}${words ? ` (${words})` : ''}`;
  return `<g class="span ${span.kind}${mine}" role="button" tabindex="-1" data-key="${said(span.request.key)}" data-lane="${said(row.lane.id)}" aria-label="${escaped(label)}"><title>${escaped(label)}</title>${inside}</g>`;
}

/** `request 12, /slow, 340 ms, status 200`. */
function spanText({ request, from, to }: Span): string {
  const took = Number.isFinite(to) ? duration(to - from) : `since ${seconds(from)}`;
  const status = request.status === null ? '' : request.status === 0 ? ', no answer' : `, status ${request.status}`;
  return `request ${request.number}, ${pathOf(request.url)}, ${took}${status}`;
}

function laneName(worker: number | null, id: string, names: Names): string {
  if (worker !== null) return `${WORDS[names].worker} ${worker}`;
  return id === 'nginx' ? WORDS[names].gate.short : id;
}

/** The process behind the spans: dashed until it is ready, a cross where it was killed. */
function lifeSvg(row: Row, life: Life, { scale, layout }: Drawn): string {
  const from = Math.max(-8, scale.x(life.from));
  const to = Math.min(scale.width + 8, Number.isFinite(life.to) ? scale.x(life.to) : scale.width + 8);
  if (to < 0 || from > scale.width) return '';
  const y = px(row.y + row.h / 2);
  const ready = row.lane.worker === null ? from : Math.max(from, Math.min(to, Number.isFinite(life.ready) ? scale.x(life.ready) : to));
  const starting = ready > from ? `<path class="life starting" d="M${px(from)} ${y}H${px(ready)}"/>` : '';
  const pid =
    from > 0 && layout.roomy && to - from > 70
      ? `<text class="pid" x="${px(from + 2)}" y="${px(row.y + row.h - 3)}">pid ${said(life.pid)}</text>`
      : '';
  const death = life.killed && to < scale.width ? `<path class="crash" d="${shapePath('cross', Number(px(to)), Number(y), 6)}"/>` : '';
  return `${starting}<path class="life" d="M${px(ready)} ${y}H${px(to)}"/>${pid}${death}`;
}

function marksSvg({ marks, layout, scale }: Drawn): string {
  return marks
    .filter(({ t }) => scale.x(t) > 0 && scale.x(t) < scale.width)
    .map(({ t, kind, text }) => {
      const x = Number(px(scale.x(t)));
      return `<g class="flag" data-kind="${said(kind)}"><title>${escaped(text)}</title><path d="M${x} 8V${layout.height - layout.axis}"/><path class="end" d="${shapePath(MARK_SHAPE[kind], x, 7, 5)}"/></g>`;
    })
    .join('');
}

/** What stands still: the names of the lanes, each with its lamp and what it does at the shown moment. */
export function namesSvg(layout: LanesLayout, frame: Frame, names: Names): string {
  const socket = frame.listeners.find((listener) => listener.server === 'uwsgi');
  const waiting = socket?.waiting.length ?? 0;
  const { y, h } = layout.queue;
  const queue = WORDS[names].queue?.short ?? 'listen queue';
  const short = frame.queueSeen ? `queue ${waiting}` : 'queue ?';
  const line = `<text class="name" x="0" y="${px(y + h / 2 + (h > 34 ? -2 : 4))}">${h > 34 ? queue : short}</text>`;
  const places = frame.queueSeen ? `${waiting}${socket ? ` of ${said(socket.backlog)}` : ''}` : 'not visible';
  const count = h > 34 ? `<text class="soft" x="0" y="${px(y + h / 2 + 13)}">${places}</text>` : '';
  return line + count + layout.rows.map((row) => nameSvg(row, layout, frame, names)).join('');
}

function nameSvg({ lane, y, h }: Row, layout: LanesLayout, frame: Frame, names: Names): string {
  const process =
    lane.worker === null ? (lane.id === 'nginx' ? frame.gate : null) : frame.workers.find((one) => one.worker === lane.worker);
  // more than there are bars for: the number says how many
  const under = lane.id === 'visitor' ? frame.requests.length : 0;
  const second = process ? `pid ${said(process.pid)}` : under > 0 ? `${under} under way` : '';
  const two = layout.roomy && second;
  const middle = y + h / 2;
  const label = `<text class="name" x="0" y="${px(middle + (two ? -2 : 4))}">${said(laneName(lane.worker, lane.id, names))}</text>`;
  const below = two ? `<text class="soft" x="0" y="${px(middle + 13)}">${second}</text>` : '';
  const lamp = process
    ? `<path class="lamp" data-s="${said(process.state)}" d="${shapePath(LAMP_SHAPE[process.state], layout.left - 10, Number(px(middle)), 5)}"/>`
    : '';
  return `<path class="rule" d="M0 ${px(y)}H${layout.width}"/>${label}${below}${lamp}`;
}
