/** Whether anybody can see an element: it is in the window, and the window is not hidden. */
export interface Watch {
  readonly now: boolean;
  stop(): void;
}

/** Calls `changed` whenever the element comes into sight or goes out of it. Until it is known, it counts as seen. */
export function watch(element: HTMLElement, changed: (seen: boolean) => void): Watch {
  let inWindow = true;
  const look = (): void => changed(inWindow && !document.hidden);
  const observer = new IntersectionObserver((entries) => {
    // several may have gathered: the last one holds
    inWindow = entries.at(-1)?.isIntersecting ?? true;
    look();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', look);
  return {
    get now() {
      return inWindow && !document.hidden;
    },
    stop() {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    },
  };
}
