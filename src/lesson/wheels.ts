/** The sets of Python packages that a lesson can have in its wheelhouse; `scripts/engine/wheels/` says what is in each. */
export const WHEEL_SETS = ['flask', 'django', 'pyramid', 'pip'] as const;
export type WheelSet = (typeof WHEEL_SETS)[number];
