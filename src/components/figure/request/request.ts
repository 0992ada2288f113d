/**
 * One request taken apart, in a dialog: every hop with the bytes that went over it, and where the time went. A request that
 * is under way grows while one looks at it.
 */
import type { Names } from '../../../diagram/words.ts';
import { type ByteHop, bytesOf, hasBytes } from '../../../trace/bytes.ts';
import type { TraceLog } from '../../../trace/log.ts';
import type { RequestTrace } from '../../../trace/requests.ts';
import { duration } from '../../../trace/text.ts';
import { indexOf, outcomeOf } from '../../../trace/trace-index.ts';
import { addStyle } from '../style.ts';
import { byKey, el } from './dom.ts';
import { Paced } from './paced.ts';
import paneCss from './pane.css?inline';
import { Pane } from './pane.ts';
import requestCss from './request.css?inline';
import timeCss from './time.css?inline';
import { TimeBar } from './time.ts';
import { cargoOf, endOf, routeOf, titleOf } from './words.ts';

interface RequestOptions {
  readonly log: TraceLog;
  readonly key: string;
  readonly names: Names;
  /** Is it the request that the visitor follows? */
  readonly followed: boolean;
  follow(key: string | null): void;
  /** To a moment, in trace time. */
  seek(t: number): void;
  /** The dialog is gone, by whatever means. */
  closed(): void;
}

export interface RequestDialog {
  /** More may have happened: a request under way shows it. May be called in every frame. */
  update(): void;
  close(): void;
}

/** An open request is drawn anew so often at most (ms). */
const EVERY = 250;

export function openRequest(options: RequestOptions): RequestDialog {
  addStyle(requestCss);
  addStyle(paneCss);
  addStyle(timeCss);
  const { log, key, names } = options;
  const title = el('h2', { id: 'request-title' });
  const time = new TimeBar(names);
  const list = el('ol', { class: 'hops', 'aria-label': 'Hops' });
  const status = el('p', { class: 'said', role: 'status' });
  const follow = el('button', { type: 'button' });
  const moment = el('button', { type: 'button' }, 'Show this moment');
  const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close' });
  close.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13" /></svg>';
  const pane = new Pane(hasBytes(log), (text) => {
    status.textContent = text;
  });
  const dialog = el('dialog', { class: 'request', 'aria-labelledby': title.id }, close, title, time.element);
  if (names === 'iis')
    dialog.append(el('p', { class: 'about' }, 'The parts have their IIS names here. The bytes are those of nginx and uWSGI.'));
  dialog.append(el('div', { class: 'inside' }, list, pane.element), el('div', { class: 'foot' }, follow, moment, status));

  let { followed } = options;
  let hops: readonly ByteHop[] = [];
  let chosen = 0;
  let drawn = '';
  let inPane = '';

  const redraw = new Paced(EVERY, () => {
    read = log.version;
    draw();
  });
  let read = log.version;

  const workerOf = (pid: number | null): number | null => (pid === null ? null : (indexOf(log).processes.byPid.get(pid)?.worker ?? null));
  const buttons = (): HTMLButtonElement[] => [...list.querySelectorAll('button')];

  function choose(index: number): void {
    const hop = hops[index];
    const request = indexOf(log).requests.byKey.get(key);
    if (!hop || !request) return;
    chosen = index;
    for (const [at, button] of buttons().entries()) {
      if (at === index) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
    // what stays as it is keeps its place and the focus in it
    const aside = endOf(hop, hop.pid === null ? undefined : indexOf(log).processes.byPid.get(hop.pid), names);
    const now = JSON.stringify([index, hop.bytes?.total, hop.records?.total, hop.environ, aside]);
    if (now === inPane) return;
    inPane = now;
    pane.show(hop, request, names, aside);
  }

  function draw(): void {
    const request = indexOf(log).requests.byKey.get(key);
    if (!request) {
      // a live log keeps only so much: what was drawn of the request before stays
      if (hops.length > 0) return;
      title.textContent = 'Request';
      pane.element.replaceChildren(
        el('p', { class: 'missing' }, 'Nothing is known of this request any more: the log has gone on without it.'),
      );
      return;
    }
    time.show(request, log.end);
    hops = bytesOf(log, key);
    // bytes may still be joined to a hop, or an answer to a request
    const now = JSON.stringify([request.status, hops.map((hop) => [hop.kind, hop.until, hop.bytes?.total, hop.records?.total])]);
    if (now === drawn) return;
    drawn = now;
    const worker = hops.map((hop) => workerOf(hop.pid)).findLast((one) => one !== null) ?? null;
    title.textContent = titleOf(request, worker, names);
    dialog.dataset['outcome'] = request.status === null ? 'under-way' : outcomeOf(request.status);
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...hops.map((hop, index) => hopItem(hop, index, request)));
    choose(Math.min(chosen, hops.length - 1));
    if (focused) buttons()[chosen]?.focus();
  }

  function hopItem(hop: ByteHop, index: number, request: RequestTrace): HTMLElement {
    const total = hop.records?.total ?? hop.bytes?.total;
    const facts = [`+${duration(hop.t - request.start)}`];
    if (total !== undefined) facts.push(`${total.toLocaleString('en')}\u00a0bytes`);
    if (hop.until !== null) facts.push(`took\u00a0${duration(Math.max(0, hop.until - hop.t))}`);
    const button = el(
      'button',
      { type: 'button', class: hop.kind },
      ...[el('span', { class: 'route' }, routeOf(hop, workerOf, names)), ' ', el('span', { class: 'cargo' }, cargoOf(hop)), ' '],
      el('span', { class: 'facts' }, facts.join(' · ')),
    );
    button.addEventListener('click', ({ detail }) => {
      choose(index);
      // on a phone the bytes are below the hops: a touch leads there, the keyboard stays where it is
      if (detail > 0) pane.element.scrollIntoView({ block: 'nearest' });
    });
    return el('li', {}, button);
  }

  function showFollowed(): void {
    follow.textContent = followed ? 'Stop following' : 'Follow';
  }

  /** At once, and only once: the browser's own word of it comes later, when another request may be open. */
  function finish(): void {
    if (!dialog.isConnected) return;
    redraw.stop();
    dialog.close();
    dialog.remove();
    options.closed();
  }

  list.addEventListener('keydown', (event) => {
    const next = byKey(event, buttons());
    next?.focus();
    next?.click();
  });
  follow.addEventListener('click', () => {
    followed = !followed;
    options.follow(followed ? key : null);
    showFollowed();
  });
  moment.addEventListener('click', () => {
    const t = hops[chosen]?.t;
    finish();
    if (t !== undefined) options.seek(t);
  });
  close.addEventListener('click', finish);
  dialog.addEventListener('click', (event) => {
    // the backdrop is the dialog itself; everything in it is something else
    if (event.target === dialog) finish();
  });
  // what the figure hears outside must not play while one reads
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', finish);

  showFollowed();
  document.body.append(dialog);
  dialog.showModal();
  draw();
  buttons()[0]?.focus();

  return {
    update() {
      if (dialog.open && log.version !== read) redraw.ask();
    },
    close: finish,
  };
}
