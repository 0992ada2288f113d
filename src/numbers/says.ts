/** What surprises in each chart, in a sentence or two that the figures themselves choose: it says nothing that they do not. */
import { type Measure, type Numbers, type Place, reading, WORKERS } from './measured.ts';
import { spread, times, unitOf, written } from './units.ts';

type Says = (numbers: Numbers) => string | null;
/** The middle of a measure, somewhere. */
type At = (measure: Measure) => number;

/** The sentence about a place; null when one of its figures is missing there, or nothing: of that there are no proportions. */
function about(numbers: Numbers, place: Place, sentence: (at: At) => string): string | null {
  const missing = new Error('not measured');
  try {
    return sentence((measure) => {
      const found = reading(numbers, place, measure);
      if (found === null || found.middle === 0) throw missing;
      return found.middle;
    });
  } catch (error) {
    if (error !== missing) throw error;
    return null;
  }
}

const value = (at: At, measure: Measure): string => written(at(measure), unitOf(measure));
const joined = (...sentences: readonly (string | null)[]): string | null => sentences.filter(Boolean).join(' ') || null;
/** What is told of the real servers is told of the sandbox where there are none. */
const first = (numbers: Numbers, sentence: (at: At, place: Place) => string): string | null =>
  (['real', 'node', 'tab'] as const).reduce<string | null>(
    (found, place) => found ?? about(numbers, place, (at) => sentence(at, place)),
    null,
  );

/** Less than this much more is within what a machine does by chance. */
const NOTABLE = 1.15;

const [fewest, most] = [WORKERS[0], WORKERS.at(-1) ?? WORKERS[0]];

/** How many times as many requests most workers answer as fewest do. */
const growth = (at: At): { readonly waits: number; readonly computes: number } => ({
  waits: at(`wait ${most}`) / at(`wait ${fewest}`),
  computes: at(`compute ${most}`) / at(`compute ${fewest}`),
});

const workers: Says = (numbers) =>
  joined(
    first(numbers, (at) => {
      const { waits, computes } = growth(at);
      const { cores } = numbers.machine;
      const on = `on ${cores} ${cores === 1 ? 'core' : 'cores'}`;
      const start = `With ${times(most / fewest)} the workers uWSGI answers ${times(waits)} as many requests per second of those that wait`;
      return waits > NOTABLE * computes
        ? `${start}, but only ${times(computes)} as many of those that compute: waiting needs workers, computing needs cores, and this was measured ${on}.`
        : `${start}, and ${times(computes)} as many of those that compute, ${on}.`;
    }),
    about(numbers, 'tab', (at) => `In the tab it is ${times(growth(at).waits)} and ${times(growth(at).computes)}.`),
  );

/** How different two growths may be and still be called the same. */
const ALIKE = 1.25;

/** The page's first sentence: how far the sandbox is from the real servers, and whether it obeys the same law. */
const lead: Says = (numbers) =>
  joined(
    about(
      numbers,
      'real',
      (real) =>
        about(numbers, 'tab', (tab) => {
          const [slower, there, here] = [tab('unix') / real('unix'), growth(real), growth(tab)];
          const alike = Math.max(there.waits, here.waits) / Math.min(there.waits, here.waits) < ALIKE;
          const speed = slower > 1 ? `takes ${times(slower)} as long in a tab as` : 'takes no longer in a tab than';
          return `An answer from Python ${speed} from the real servers${alike ? ', and yet both obey the same law' : ''}: with ${times(most / fewest)} the workers uWSGI answers ${times(here.waits)} as many waiting requests per second in the tab, and ${times(there.waits)} as many on the real ones.`;
        }) ?? '',
    ),
  );

const hop = (at: At): number => at('unix') - at('direct');

const hops: Says = (numbers) =>
  joined(
    first(numbers, (at) =>
      hop(at) > 0
        ? `Nginx in front makes an answer from Python ${written(hop(at), 'ms')} later: ${value(at, 'unix')} instead of ${value(at, 'direct')}.`
        : `Nginx in front makes an answer from Python no later: ${value(at, 'unix')} with it, ${value(at, 'direct')} without.`,
    ),
    first(numbers, (at) =>
      at('file') < at('direct')
        ? `A file that it has itself takes ${value(at, 'file')}, and no worker hears of it.`
        : `A file that it has itself takes ${value(at, 'file')}; what is saved is the worker, who hears nothing of it.`,
    ),
  );

const handOver: Says = (numbers) =>
  joined(
    first(numbers, (at) => {
      const all = [at('unix'), at('tcp'), at('http')];
      const apart = Math.max(...all) / Math.min(...all);
      const list = `${value(at, 'unix')} by socket file, ${value(at, 'tcp')} by port, ${value(at, 'http')} by HTTP`;
      return apart < NOTABLE
        ? `Who waits for the answer cannot tell which it was: ${list}.`
        : `Who waits for the answer gets it after ${list}.`;
    }),
    about(numbers, 'real', (at) => {
      const [least, other] = [at('unix work'), at('http work')];
      return other > NOTABLE * least
        ? `For the processor HTTP is ${times(other / least)} the work of the socket file.`
        : `The processor has ${written(least, 'ms')} of work with the socket file and ${written(other, 'ms')} with HTTP.`;
    }),
  );

const tls: Says = (numbers) =>
  first(numbers, (at) => {
    const [atDoor, inside] = [at('sealed file') / at('file'), at('sealed file kept') / at('file kept')];
    const door = `${value(at, 'sealed file')} instead of ${value(at, 'file')}`;
    const kept = `${value(at, 'sealed file kept')} instead of ${value(at, 'file kept')}`;
    return atDoor > NOTABLE * inside
      ? `What costs is the handshake, not the encryption: with TLS a new connection gets its answer after ${door}, one that was kept after ${kept}.`
      : `With TLS a new connection gets its answer after ${door}, one that was kept after ${kept}.`;
  });

const memory: Says = (numbers) =>
  joined(
    about(numbers, 'real', (at) =>
      at('worker more') < at('worker seen')
        ? `A worker is reported with ${value(at, 'worker seen')}, but one more takes only ${value(at, 'worker more')}: the rest it shares with the master that it was forked from.`
        : `A worker is reported with ${value(at, 'worker seen')}, and one more takes ${value(at, 'worker more')}.`,
    ),
    about(numbers, 'tab', (at) => `In the tab nothing can be shared: there one more takes ${value(at, 'worker more')}.`),
  );

const absence: Says = (numbers) =>
  joined(
    first(numbers, (at, place) => {
      const lost = numbers.samples[place]?.['reload lost']?.reduce((sum, one) => sum + one, 0);
      const pause = `for ${value(at, 'reload')} nobody gets an answer`;
      if (lost === undefined) return `After a reload, ${pause}.`;
      return lost === 0 ? `A reload loses no request, and yet ${pause}: they wait in the queue.` : `After a reload ${pause}.`;
    }),
    first(numbers, (at, place) => {
      const found = reading(numbers, place, 'respawn');
      const range = found && spread(found, 'ms');
      return `A killed worker is back after ${value(at, 'respawn')}${range === null ? '' : ` (${range})`}: nobody tells the master, it looks.`;
    }),
  );

export const says = { lead, workers, hops, handOver, tls, memory, absence };
