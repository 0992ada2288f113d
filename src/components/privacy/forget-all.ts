/** The button that deletes all that the site keeps in this browser. */
import { serviceWorkers, workerScript } from '../../offline/worker.ts';
import { siteBase } from '../../site.ts';
import { isOf, KEPT } from './kept.ts';

const button = document.querySelector<HTMLButtonElement>('[data-act="forget-all"]');
const said = document.querySelector('.forget-all [role="status"]');
const names = (where: string): string[] => KEPT.filter((kept) => kept.where === where).map(({ name }) => name);

function empty(storage: Storage, gone: readonly string[]): void {
  for (const key of Object.keys(storage)) if (gone.some((name) => isOf(key, name))) storage.removeItem(key);
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another tab of the course is open; close it first'));
  });
}

/** Errors: an Error in words, when the browser or another tab did not let something go. */
async function forgetAll(): Promise<void> {
  empty(localStorage, names('local storage'));
  empty(sessionStorage, names('session storage'));
  for (const name of names('IndexedDB')) await deleteDatabase(name);
  const workers = serviceWorkers();
  const registration = await workers?.getRegistration(siteBase());
  if (registration?.active?.scriptURL === workerScript()) await registration.unregister();
  // Over plain HTTP there are no caches.
  const present = 'caches' in window ? await caches.keys() : [];
  for (const name of present) if (names('cache').some((kept) => name === kept || name.startsWith(`${kept} `))) await caches.delete(name);
}

button?.addEventListener('click', async () => {
  if (!said) return;
  try {
    await forgetAll();
    said.textContent = 'Done. This browser keeps nothing of the course any more.';
  } catch (error) {
    said.textContent = `Not everything could be deleted: ${error instanceof Error ? error.message : error}. Your browser’s own settings can do it.`;
  }
});
