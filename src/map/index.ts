/** The map: the whole Python stack beside IIS and ASP.NET Core, in groups from the machine to what you type. */

import type { Group } from './row.ts';
import { CODE, HAND_OVER } from './rows/app.ts';
import { FRONT, STATIC, TLS } from './rows/front.ts';
import { LOGS, MACHINE } from './rows/machine.ts';
import { LIMITS, PROCESSES } from './rows/processes.ts';
import { COMMANDS, DEPLOY } from './rows/work.ts';

export const GROUPS: readonly Group[] = [MACHINE, FRONT, TLS, STATIC, HAND_OVER, CODE, PROCESSES, LIMITS, LOGS, DEPLOY, COMMANDS];
