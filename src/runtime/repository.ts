/** The Git repository that every sandbox has, by the paths of its files there: what a learner clones. */
export { bundledRepository } from '../../sandboxes/host/server-tree.ts';
