/** Where a note stands that speaks of something on the screen: beside it, and never over it where there is room. Pure; CSS pixels. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly left: number;
  readonly top: number;
}

/** Between the two. */
const GAP = 14;

/** The note's corner within `room`: right of the target, left of it, below or above; else at the end of the room that is farther from it. */
export function placed(target: Box, { width, height }: Size, room: Box): Point {
  const clamp = (value: number, from: number, to: number): number => Math.max(from, Math.min(value, to));
  const inRoom = ({ left, top }: Point): Point => ({
    left: clamp(left, room.left, room.right - width),
    top: clamp(top, room.top, room.bottom - height),
  });
  const beside: readonly Point[] = [
    { left: target.right + GAP, top: target.top },
    { left: target.left - GAP - width, top: target.top },
    { left: target.left, top: target.bottom + GAP },
    { left: target.left, top: target.top - GAP - height },
  ];
  for (const point of beside) {
    const at = inRoom(point);
    const over = at.left < target.right && at.left + width > target.left && at.top < target.bottom && at.top + height > target.top;
    if (!over) return at;
  }
  const middle = (target.top + target.bottom) / 2;
  return inRoom({ left: target.left, top: middle > (room.top + room.bottom) / 2 ? room.top : room.bottom });
}

/** What of a box lies in the window. */
export function visible({ left, top, right, bottom }: Box, window: Size): Box {
  return { left: Math.max(0, left), top: Math.max(0, top), right: Math.min(window.width, right), bottom: Math.min(window.height, bottom) };
}
