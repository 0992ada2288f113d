/** Whether anybody can see an element: it is in the window, and the window is not hidden. */
export interface Watch {
  readonly now: boolean;
  stop(): void;
}

/** Calls `shown` whenever the element can be seen again. Until it is known, it counts as seen. */
export function watch(element: HTMLElement, shown: () => void): Watch {
  let inWindow = true;
  const look = (): void => {
    if (inWindow && !document.hidden) shown();
  };
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
