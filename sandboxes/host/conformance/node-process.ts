/** The process module of the Node host's conformance run: the suite's programs instead of the sandbox's. */
import { runProcess } from '../node/run.ts';
import { programs } from './suite.ts';

runProcess(programs);
