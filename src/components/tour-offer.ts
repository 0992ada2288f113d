/** Whether the look round was taken or declined. It is read before the first paint, in Page.astro. */
export function rememberTour(what: 'seen' | 'declined'): void {
  try {
    localStorage.setItem('ftr:tour', what);
  } catch {
    // no storage in this frame: it is offered again on the next page
  }
}
