/** All cases, by group. */
import type { ConfigCase, Group } from './case.ts';
import { CONFIG_CASES } from './configs.ts';
import { PROXY } from './proxy.ts';
import { REQUESTS } from './requests.ts';
import { REWRITES } from './rewrites.ts';
import { STATIC } from './static.ts';

export const GROUPS: readonly Group[] = [REQUESTS, STATIC, REWRITES, PROXY];
export const CONFIGS: readonly ConfigCase[] = CONFIG_CASES;
