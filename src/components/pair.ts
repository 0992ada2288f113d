/** What all pairs of a page share, see Pair.astro: one linked line is turned to, and both lines and their note light up. */

/** The linked line or number that was hit; a number counts more than the line it stands in. */
function linkAt(target: EventTarget | null): { pair: HTMLElement; n: string } | null {
  if (!(target instanceof Element)) return null;
  const pair = target.closest<HTMLElement>('.pair');
  const n = target.closest<HTMLElement>('a.marker')?.dataset['n'] ?? target.closest<HTMLElement>('.line')?.dataset['links']?.split(' ')[0];
  return pair && n ? { pair, n } : null;
}

function show(event: Event): void {
  const link = linkAt(event.target);
  if (!link) return;
  if (event.type === 'click') event.preventDefault();
  for (const part of link.pair.querySelectorAll<HTMLElement>('[data-links]')) {
    part.classList.toggle('on', part.dataset['links']?.split(' ').includes(link.n));
  }
}

/** Up and down along one side, left and right to the same number on the other one. */
function walk(event: KeyboardEvent): void {
  const marker = event.target instanceof Element ? event.target.closest<HTMLElement>('.pair a.marker') : null;
  if (!marker || event.ctrlKey || event.altKey || event.metaKey) return;
  const sides = [...(marker.closest('.pair')?.querySelectorAll('figure') ?? [])];
  const here = sides.findIndex((side) => side.contains(marker));
  const markers = (side: number) => [...(sides[side]?.querySelectorAll<HTMLElement>('a.marker') ?? [])];
  const next = (by: number) => markers(here)[markers(here).indexOf(marker) + by];
  const across = (side: number) => markers(side).find((one) => one.dataset['n'] === marker.dataset['n']);
  const goals: Readonly<Record<string, () => HTMLElement | undefined>> = {
    ArrowDown: () => next(1),
    ArrowUp: () => next(-1),
    ArrowRight: () => across(1),
    ArrowLeft: () => across(0),
  };
  const goal = goals[event.key];
  if (!goal) return;
  event.preventDefault();
  goal()?.focus();
}

for (const type of ['pointerover', 'focusin', 'click']) document.addEventListener(type, show);
document.addEventListener('keydown', walk);

export {};
