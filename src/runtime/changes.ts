/**
 * What a sandbox's files differ in from those it was started with: the learner's whole work, however it was made (the editor, the
 * shell, a program). It is kept in the browser, carried by a link and packed into a zip.
 */
export type { Changed, Changes } from '../../sandboxes/host/changes.ts';
export { isVolatile } from '../../sandboxes/host/volatile.ts';
