/** Should things jump rather than glide? The system may ask for it, or the page for everybody in it (`data-motion`, an embed's `motion=reduce`). */
export const isCalm = (): boolean =>
  document.documentElement.dataset['motion'] === 'reduce' || matchMedia('(prefers-reduced-motion: reduce)').matches;
