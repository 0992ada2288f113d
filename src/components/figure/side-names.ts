/** Whose run is shown: the sandbox's, that of the real servers, or both at once. */
export type Side = 'sandbox' | 'servers' | 'both';

export const SIDE_NAMES: Readonly<Record<Exclude<Side, 'both'>, string>> = { sandbox: 'Sandbox', servers: 'Real servers' };
