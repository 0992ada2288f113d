/** A request's status and the marks of time as shapes in their colour: the same ones wherever they are drawn. */
import type { Shape } from '../../diagram/shapes.ts';
import { OUTCOME_SHAPE, shapePath } from '../../diagram/shapes.ts';
import type { Marker } from '../../trace/markers.ts';
import { outcomeOf } from '../../trace/trace-index.ts';

export const MARK_SHAPE: Readonly<Record<Marker['kind'], Shape>> = { crash: 'cross', reload: 'diamond', full: 'triangle' };

/** `null`: under way. The tone chooses the colour, see figure.css. */
export function statusShape(status: number | null): { readonly shape: Shape; readonly tone: string } {
  if (status === null) return { shape: 'ring', tone: 'wait' };
  const outcome = outcomeOf(status);
  return { shape: OUTCOME_SHAPE[outcome], tone: outcome };
}

/** The status as an image for sighted readers; the word stands beside it. */
export function statusMark(status: number | null): string {
  const { shape, tone } = statusShape(status);
  return `<svg class="status-mark" data-tone="${tone}" viewBox="-8 -8 16 16" aria-hidden="true"><path d="${shapePath(shape, 0, 0, 6)}"/></svg>`;
}

/** `under way`, `200`, or `none` when no answer came. */
export function statusText(status: number | null): string {
  return status === null ? 'under way' : String(status || 'none');
}
