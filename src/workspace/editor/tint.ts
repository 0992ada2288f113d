/** How strongly the colour of a difference lies under code, in percent: as much as leaves every colour of code readable. */

/** Under a line that differs. */
export const LINE = 7;
/** Above that, under what differs in it. */
export const WORDS = 9;
