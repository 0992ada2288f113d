/**
 * Every page at the top of a window registers the service worker when it has loaded, and says when a new version of the course is there.
 * In a frame nothing is registered: an embed is a guest. Nor while one writes: there the worker would show old pages.
 */
import { siteBase, siteBuild } from '../site.ts';
import { keepThisPage, registerWorker, serviceWorkers, tell, workerScript } from './worker.ts';

/** A note at the window's end, until it is answered. The lesson goes on as it is. */
function offer(registration: ServiceWorkerRegistration): void {
  if (document.querySelector('.new-version')) return;
  const note = document.createElement('p');
  note.className = 'new-version';
  note.setAttribute('role', 'status');
  const button = (text: string, act: () => void): HTMLButtonElement => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'button';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  };
  note.append(
    'A new version of the course is ready. It comes by itself when all its pages are closed. ',
    button('Use the new version', () => {
      // the one that waits now: since the note was made, another page may have brought it in, or a newer one come after it
      const { waiting } = registration;
      if (!waiting) return location.reload();
      // Only here: in other pages of the site the learner may be in the middle of something.
      waiting.addEventListener('statechange', () => {
        if (waiting.state === 'activated') location.reload();
      });
      tell(waiting, { op: 'use' });
    }),
    ' ',
    button('Later', () => note.remove()),
  );
  document.body.append(note);
}

/** Offers `worker` as soon as it waits beside one that is at work. */
function watch(workers: ServiceWorkerContainer, registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    if (registration.waiting && workers.controller?.scriptURL === workerScript()) offer(registration);
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
}

/** Has the host a newer version than the one that is at work? Then it is offered, also to who has said "Later"; at the latest when it is here. */
export async function hasNewVersion(): Promise<boolean> {
  const registration = await workers?.getRegistration(siteBase());
  await registration?.update().catch(() => {});
  if (registration?.waiting) offer(registration);
  return Boolean(registration?.waiting ?? registration?.installing);
}

async function start(workers: ServiceWorkerContainer): Promise<void> {
  // Another site's worker in our place is left alone.
  const present = await workers.getRegistration(siteBase());
  const theirs = present?.scope === siteBase() && present.active && present.active.scriptURL !== workerScript();
  if (theirs) return;
  const registration = await registerWorker(workers);
  watch(workers, registration);
  await workers.ready;
  await keepThisPage(false);
}

const workers = window.top === window && siteBuild() !== undefined ? serviceWorkers() : null;
// After what the page itself needs. Where it does not work, everything works as without it.
if (workers) {
  const later = (): void => void start(workers).catch(() => {});
  const idle = (): void => void ('requestIdleCallback' in window ? requestIdleCallback(later, { timeout: 4000 }) : setTimeout(later, 500));
  if (document.readyState === 'complete') idle();
  else addEventListener('load', idle, { once: true });
}
