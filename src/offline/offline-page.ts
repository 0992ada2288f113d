/** The page /offline/: says what is kept here, and fetches or removes the rest. */
import { siteBase, siteBuild } from '../site.ts';
import { amountOf, OfflineCourse } from './course.ts';
import { hasNewVersion } from './register.ts';
import { listOf, registerWorker, serviceWorkers } from './worker.ts';

const part = <E extends Element>(selector: string): E => document.querySelector<E>(`.offline ${selector}`) as E;
const state = part<HTMLElement>('.state');
const bar = part<HTMLProgressElement>('progress');
const said = part<HTMLElement>('.said');
const button = (act: string): HTMLButtonElement => part(`[data-act="${act}"]`);
const [fetchButton, cancelButton, removeButton] = ['fetch', 'cancel', 'remove'].map(button) as [
  HTMLButtonElement,
  HTMLButtonElement,
  HTMLButtonElement,
];

const CAN = { run: 'opens and runs', open: 'opens; its server needs the network', nothing: 'needs the network' };
const NEWER =
  'The site has a new version of the course, and this page is of the one before. Press “Use the new version” as soon as it is offered below, then download again.';
const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Errors: an Error in words why this browser or this page cannot keep anything. */
async function open(): Promise<OfflineCourse> {
  if (window.top !== window) throw new Error('This page stands in a frame. Open the course in a tab of its own to keep it.');
  if (!window.isSecureContext)
    throw new Error('This site came over plain HTTP, and browsers keep pages for offline only from HTTPS sites.');
  const workers = serviceWorkers();
  if (workers === null) throw new Error('This browser, or this private window, keeps no pages for offline.');
  if (siteBuild() === undefined) throw new Error('The development server keeps nothing; a built site does.');
  const registration = await registerWorker(workers);
  return new OfflineCourse(await listOf(registration.active ?? (await activated(registration))), siteBase());
}

/** The first worker of this site, when it is ready. */
function activated({ installing, waiting }: ServiceWorkerRegistration): Promise<ServiceWorker> {
  return new Promise((resolve, reject) => {
    const worker = installing ?? waiting;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(worker);
      if (worker.state === 'redundant')
        reject(new Error('The download did not begin: the network broke off. Reload the page to try again.'));
    });
  });
}

/** Shows what is here and what is not. */
async function show(course: OfflineCourse): Promise<void> {
  const kept = await course.kept();
  const missing = course.list.files.filter(([address]) => !kept.has(address));
  const { bytes, sent } = amountOf(missing);
  const here = amountOf(course.list.files.filter(([address]) => kept.has(address)));
  const whole = missing.length === 0;
  state.textContent = whole
    ? `The whole course is in this browser: ${MB(here.bytes)}.`
    : `${MB(here.bytes)} of the course are in this browser. The rest is ${MB(sent)} to fetch and takes ${MB(bytes)} of this device.`;
  fetchButton.hidden = whole;
  fetchButton.textContent = `Download the course for offline (${MB(sent)})`;
  removeButton.hidden = here.files <= course.list.shell.length;
  for (const row of document.querySelectorAll<HTMLElement>('.offline [data-address]')) {
    const { address = '', engine = '' } = row.dataset;
    const can = course.can(kept, address, engine.split(' '));
    row.querySelector('.can')?.replaceChildren(CAN[can]);
    row.classList.toggle('ready', can === 'run');
  }
}

/** Who was led here asked for a page that is not kept: its address is in the fragment. */
function sayWhatIsMissing(): void {
  const address = location.hash.slice(1);
  if (address === '') return;
  const title = document.querySelector(`.offline [data-address="${CSS.escape(address)}"] a`)?.textContent;
  said.textContent = `${title ? `The lesson “${title}”` : 'The page that you asked for'} is not in this browser, and the network does not answer.`;
  history.replaceState(history.state, '', location.pathname);
}

async function download(course: OfflineCourse): Promise<void> {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  const kept = await course.kept();
  const { bytes } = amountOf(course.list.files.filter(([address]) => !kept.has(address)));
  let done = 0;
  bar.hidden = cancelButton.hidden = false;
  fetchButton.hidden = removeButton.hidden = true;
  bar.value = 0;
  cancelButton.addEventListener('click', cancel);
  cancelButton.focus();
  said.textContent = 'Downloading. Leave this page open.';
  try {
    // Asks that the browser does not throw it away when space is short; it may say no.
    void navigator.storage?.persist?.().catch(() => {});
    const newer = await hasNewVersion();
    const onBytes = (count: number): void => {
      done += count;
      bar.value = bytes === 0 ? 1 : done / bytes;
      bar.textContent = `${MB(done)} of ${MB(bytes)}`;
    };
    if (!newer) await course.download(onBytes, stop.signal);
    said.textContent = newer ? NEWER : 'Done. The whole course works without a network now, in this browser.';
  } catch (error) {
    const cancelled = stop.signal.aborted;
    // The other lanes stop, too.
    stop.abort();
    said.textContent = cancelled
      ? 'Cancelled. What has come stays; a new download goes on from there.'
      : (await hasNewVersion())
        ? NEWER
        : // what fetch throws without a network, in words of each browser's own
          `The download broke off: ${error instanceof TypeError ? 'the network does not answer' : reason(error)}.`;
  } finally {
    cancelButton.removeEventListener('click', cancel);
    bar.hidden = cancelButton.hidden = true;
    await show(course);
    (fetchButton.hidden ? removeButton : fetchButton).focus();
  }
}

async function remove(course: OfflineCourse): Promise<void> {
  await course.remove();
  await show(course);
  said.textContent = 'Removed. Your progress and your files are still here.';
  fetchButton.focus();
}

sayWhatIsMissing();
try {
  const course = await open();
  await show(course);
  const act = (work: (course: OfflineCourse) => Promise<void>) => () =>
    void work(course).catch((error) => {
      said.textContent = `That did not work: ${reason(error)}.`;
    });
  fetchButton.addEventListener('click', act(download));
  removeButton.addEventListener('click', act(remove));
} catch (error) {
  state.textContent = reason(error);
}
