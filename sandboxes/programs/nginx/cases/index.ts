/** All cases, by group. */
import { ACCELS } from './accel.ts';
import { BODIES } from './bodies.ts';
import type { ConfigCase, Group } from './case.ts';
import { CONFIG_CASES } from './configs.ts';
import { PROXY } from './proxy.ts';
import { REQUESTS } from './requests.ts';
import { REWRITES } from './rewrites.ts';
import { STATIC } from './static.ts';
import { VARIABLES } from './variables.ts';

export const GROUPS: readonly Group[] = [REQUESTS, STATIC, REWRITES, PROXY, BODIES, ACCELS, VARIABLES];
export const CONFIGS: readonly ConfigCase[] = CONFIG_CASES;
