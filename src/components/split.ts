/**
 * The lines between text and work area and between the parts of the work area: moved by pointer and by keys, kept where the browser
 * allows it. What is kept is a share of the window, so that it suits another one; the style sheets hold it to what is of use. Page.astro
 * sets the kept sizes before the first paint. Listens on the document, because the work area's lines come and go with its island.
 */
import { isObject } from '../is-object.ts';
import { inBrowser } from '../storage.ts';

export const KEY = 'ftr:sizes';

/** By the name of the line: `52%`, `41dvh`. */
type Sizes = Readonly<Record<string, string>>;

/** Of the part before the line, in pixels. */
interface Measured {
  readonly size: number;
  /** What `100%` or `100dvh` is. */
  readonly whole: number;
  readonly least: number;
  readonly most: number;
}

interface Line {
  readonly unit: '%' | 'dvh';
  readonly measure: (line: HTMLElement) => Measured;
}

const rem = (count: number): number => count * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** A line between two columns of a grid, with what is of use to either, in rem. */
function columns(grid: string, least: number, leastAfter: number): Line {
  return {
    unit: '%',
    measure(line) {
      const box = line.closest(grid)?.getBoundingClientRect() ?? new DOMRect();
      const at = line.getBoundingClientRect();
      const size = at.left + at.width / 2 - box.left;
      return { size, whole: box.width, least: rem(least), most: Math.max(size, box.width - rem(leastAfter)) };
    },
  };
}

const LINES: Readonly<Record<string, Line>> = {
  // Lesson.astro says the same in its grid
  text: columns('.lesson', 22, 34.5),
  bench: columns('.workspace', 34.5, 24),
  // LessonWorkspace.svelte says the same of --map-height
  picture: {
    unit: 'dvh',
    measure(line) {
      const area = line.closest('.workspace');
      const size = area?.querySelector('.area')?.getBoundingClientRect().height ?? 0;
      const told = (area && Number.parseFloat(getComputedStyle(area).getPropertyValue('--told'))) || 0;
      return { size, whole: innerHeight, least: 172, most: Math.max(280, size, innerHeight - 373 - told) };
    },
  },
  rows: {
    unit: 'dvh',
    measure(line) {
      const size = line.previousElementSibling?.getBoundingClientRect().height ?? 0;
      return { size, whole: innerHeight, least: 120, most: Math.max(size, innerHeight - 240) };
    },
  },
  // TerminalPane.svelte says the same of the terminal and the log, beside or above it
  log: columns('.pane', 20, 12),
  lines: {
    unit: '%',
    measure(line) {
      const pane = line.closest('.pane');
      const size = pane?.querySelector('.screens')?.getBoundingClientRect().height ?? 0;
      const whole = pane?.clientHeight ?? 1;
      return { size, whole, least: Math.min(rem(7.5), whole / 2 - 44), most: Math.max(size, whole - rem(9)) };
    },
  },
};

const STEP = 16;

const kept = (): Sizes => {
  try {
    const value: unknown = JSON.parse(inBrowser.recall(KEY) ?? '{}');
    return isObject(value) ? (value as Sizes) : {};
  } catch {
    return {};
  }
};

const keep = (sizes: Sizes): void => inBrowser.keep(KEY, Object.keys(sizes).length ? JSON.stringify(sizes) : null);

const lineAt = (event: Event): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[role="separator"][data-split]') : null;
const nameOf = (line: HTMLElement): string => line.dataset['split'] ?? '';
const isUpright = (line: HTMLElement): boolean => line.getAttribute('aria-orientation') === 'vertical';

/** Gives the part before the line so many pixels, as far as that is of use; returns its share as it is written in style sheets. */
function resize(line: HTMLElement, size: number): string {
  const { unit, measure } = LINES[nameOf(line)] ?? columns('body', 0, 0);
  const { whole, least, most } = measure(line);
  const share = `${((Math.min(most, Math.max(least, size)) / whole) * 100).toFixed(2)}${unit}`;
  document.documentElement.style.setProperty(`--split-${nameOf(line)}`, share);
  tell(line);
  return share;
}

/** Says where the line stands, in percent of the way it can go. */
function tell(line: HTMLElement): void {
  const { size, least, most } = LINES[nameOf(line)]?.measure(line) ?? { size: 0, least: 0, most: 1 };
  line.setAttribute('aria-valuenow', String(Math.round(Math.min(100, Math.max(0, ((size - least) / (most - least || 1)) * 100)))));
}

function reset(line: HTMLElement): void {
  const { [nameOf(line)]: _, ...others } = kept();
  keep(others);
  document.documentElement.style.removeProperty(`--split-${nameOf(line)}`);
  tell(line);
}

function press(event: KeyboardEvent): void {
  const line = lineAt(event);
  const measured = line && LINES[nameOf(line)]?.measure(line);
  if (!line || !measured || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEP * (event.shiftKey ? 4 : 1);
  const [back, on] = isUpright(line) ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const to = { [back]: measured.size - step, [on]: measured.size + step, Home: 0, End: Number.MAX_SAFE_INTEGER }[event.key];
  if (event.key === 'Enter') reset(line);
  else if (to === undefined) return;
  else keep({ ...kept(), [nameOf(line)]: resize(line, to) });
  event.preventDefault();
}

function drag(event: PointerEvent): void {
  const line = lineAt(event);
  const measured = line && LINES[nameOf(line)]?.measure(line);
  if (!line || !measured || event.button !== 0) return;
  const upright = isUpright(line);
  const from = upright ? event.clientX : event.clientY;
  let share = '';
  const move = (moved: PointerEvent): void => {
    share = resize(line, measured.size + (upright ? moved.clientX : moved.clientY) - from);
  };
  const end = (): void => {
    line.removeEventListener('pointermove', move);
    document.documentElement.classList.remove('splitting');
    if (share) keep({ ...kept(), [nameOf(line)]: share });
  };
  // moves go to the line, also over a frame
  line.setPointerCapture(event.pointerId);
  line.addEventListener('pointermove', move);
  line.addEventListener('lostpointercapture', end, { once: true });
  document.documentElement.classList.add('splitting');
  // no text is marked meanwhile; so the focus has to be set
  event.preventDefault();
  line.focus({ preventScroll: true });
}

document.addEventListener('keydown', press);
document.addEventListener('pointerdown', drag);
document.addEventListener('dblclick', (event) => {
  const line = lineAt(event);
  if (line) reset(line);
});
// where the line stands is told when somebody comes to it: the window may have changed
document.addEventListener('focusin', (event) => {
  const line = lineAt(event);
  if (line) tell(line);
});
for (const line of document.querySelectorAll<HTMLElement>('[role="separator"][data-split]')) tell(line);
