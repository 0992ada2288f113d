/** The module that every process of the Node host runs: all programs of the sandbox. */
import { programs } from '../../programs/registry.ts';
import { publish } from './publish.ts';
import { runProcess } from './run.ts';

runProcess({ ...programs, publish });
