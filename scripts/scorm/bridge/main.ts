/** The launcher's script (`scorm-bridge.js`): joins the lesson in this page and the learning platform around it. */
import type { RequestFlowElement } from '../../../src/embed/element.ts';
import type { Detail } from '../../../src/embed/protocol.ts';
import { DIALECTS, isVersion } from './dialects.ts';
import { findApi, platform } from './platform.ts';
import { openSession } from './session.ts';

const lesson = document.querySelector<RequestFlowElement>('request-flow');
const status = document.querySelector('[role="status"]');
const version = document.documentElement.dataset['scorm'];

const say = (text: string): void => {
  if (status) status.textContent = text;
};

if (lesson && isVersion(version)) {
  const dialect = DIALECTS[version];
  lesson.addEventListener('rf-error', (event) => {
    const { code, message } = (event as CustomEvent<Detail<'error'>>).detail;
    if (code === 'no-answer') say(message);
  });
  const api = findApi(window, dialect.api);
  if (!api) say('No learning platform answers here. The lesson works all the same; nothing is reported.');
  else {
    const refused = (what: string, why: string): void => say(`The learning platform did not take ${what}: ${why}.`);
    const session = openSession({ platform: platform(api, dialect, refused), dialect, lesson, say, clock: Date.now });
    window.addEventListener('pagehide', () => session?.end());
    // a session that was ended cannot go on when the browser brings the page back
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) location.reload();
    });
  }
}
