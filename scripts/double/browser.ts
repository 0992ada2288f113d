/** The double in a page, in place of StackBlitz' client: what it asks goes to the test that shows the page. */
import { doubleOf } from './client.ts';
import type { DoubleCall } from './host.ts';

declare global {
  interface Window {
    /** The test's side, see e2e/webcontainer/container.ts. */
    containerDouble(name: string, args: readonly unknown[]): Promise<never>;
  }
}

const call: DoubleCall = (name, ...args) => window.containerDouble(name, args);

/** With the address of the real frame, by which the page finds it again, and nothing in it: nobody is contacted. */
function openFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.srcdoc = '';
  frame.src = 'https://stackblitz.com/headless';
  return document.body.appendChild(frame);
}

export const { WebContainer, configureAPIKey } = doubleOf(call, window, openFrame);
