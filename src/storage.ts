/**
 * Short texts that the browser keeps for this site, or for this tab of it. In a sandboxed frame, with storage switched off or when it is full
 * the browser throws; then nothing is kept, and what is asked for is not there: everything works for as long as the page is open.
 */
export interface Kept {
  recall(name: string): string | null;
  /** `null` forgets it. */
  keep(name: string, value: string | null): void;
}

/** Reading the property throws as well, hence the function. */
const keptIn = (open: () => Storage): Kept => ({
  recall(name) {
    try {
      return open().getItem(name);
    } catch {
      return null;
    }
  },
  keep(name, value) {
    try {
      if (value === null) open().removeItem(name);
      else open().setItem(name, value);
    } catch {
      // for this page only
    }
  },
});

export const inBrowser = keptIn(() => window.localStorage);
export const inTab = keptIn(() => window.sessionStorage);
