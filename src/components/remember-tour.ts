import { inBrowser } from '../storage.ts';

/** Whether the look round was taken or declined. It is read before the first paint, in Page.astro. */
export const rememberTour = (what: 'seen' | 'declined'): void => inBrowser.keep('ftr:tour', what);
