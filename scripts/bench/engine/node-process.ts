/** The process module of the benchmark on the Node host: the product's, with the benchmark's programs beside its own. */
import { publish } from '../../../sandboxes/host/node/publish.ts';
import { runProcess } from '../../../sandboxes/host/node/run.ts';
import { programs } from './programs.ts';

runProcess({ ...programs, publish });
