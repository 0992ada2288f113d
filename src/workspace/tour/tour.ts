/** A look round the screen, for who is here for the first time. Fetched when somebody asks for it. */
import { mount, unmount } from 'svelte';
import Tour from './Tour.svelte';

let leave: (() => void) | null = null;

/** Begins it, anew if it runs. The focus goes to `opener` in the end, and the page back to where it was read. */
export function lookRound(opener: HTMLElement | null): void {
  leave?.();
  const { scrollX, scrollY } = window;
  const tour = mount(Tour, { target: document.body, props: { leave: () => leave?.() } });
  leave = () => {
    leave = null;
    void unmount(tour);
    window.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' });
    opener?.focus({ preventScroll: true });
  };
}
