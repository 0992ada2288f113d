/** The table view: every request, where its time went and who had it. A row opens the request. */
import type { TraceLog } from '../../trace/log.ts';
import { duration, pathOf } from '../../trace/text.ts';
import { indexOf } from '../../trace/trace-index.ts';
import type { Row } from '../../trace/traffic.ts';
import { Traffic } from '../../trace/traffic.ts';
import { el } from './request/dom.ts';
import { statusMark, statusText } from './status.ts';
import { addStyle } from './style.ts';
import tableCss from './table.css?inline';
import type { Column, Filter, Order } from './table-rows.ts';
import { COLUMNS, FILTERS, NEWEST, rowsOf } from './table-rows.ts';
import type { Seen, View, ViewEvents } from './view.ts';

const HEAD = COLUMNS.map(
  ({ id, label, number }) =>
    `<th scope="col"${number ? ' class="number"' : ''}><button type="button" data-by="${id}">${label}</button></th>`,
).join('');
const CHOICES = FILTERS.map(({ id, label }) => `<option value="${id}">${label}</option>`).join('');

export function mountTable(element: HTMLElement, events: ViewEvents): View {
  addStyle(tableCss);
  element.innerHTML = `<div class="requests">
    <p class="requests-head"><select aria-label="Which requests">${CHOICES}</select><span role="status"></span></p>
    <div class="requests-scroll" tabindex="0" role="region" aria-label="Requests">
      <table><thead><tr>${HEAD}</tr></thead><tbody></tbody></table>
    </div>
  </div>`;
  const body = element.querySelector('tbody') as HTMLElement;
  const about = element.querySelector('span') as HTMLElement;
  const select = element.querySelector('select') as HTMLSelectElement;
  let order: Order = { by: 'number', direction: -1 };
  let filter: Filter = 'all';
  let log: TraceLog | null = null;
  let traffic: Traffic | null = null;
  let version = -1;
  let seen: Seen | null = null;
  const rows = new Map<string, HTMLTableRowElement>();

  function show(now: Seen): void {
    seen = now;
    if (now.log !== log) {
      log = now.log;
      traffic = new Traffic(log);
      version = -1;
    }
    if (version !== log.version) {
      version = log.version;
      write();
    }
    mark(now);
  }

  function write(): void {
    if (!traffic || !seen) return;
    const wanted = rowsOf(traffic, filter, order);
    const keys = new Set(wanted.map((row) => row.key));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.remove();
      rows.delete(key);
    }
    for (const [place, row] of wanted.entries()) {
      let item = rows.get(row.key);
      if (!item) {
        item = document.createElement('tr');
        item.dataset['key'] = row.key;
        rows.set(row.key, item);
      }
      fill(item, row);
      if (body.children[place] !== item) body.insertBefore(item, body.children[place] ?? null);
    }
    const all = indexOf(seen.log).requests.list.length;
    const some = `${wanted.length} ${wanted.length === 1 ? 'request' : 'requests'}`;
    about.textContent = all > NEWEST ? `${some} among the newest ${NEWEST} of ${all.toLocaleString('en')}` : some;
    for (const button of element.querySelectorAll<HTMLButtonElement>('th button')) {
      const mine = button.dataset['by'] === order.by;
      button.parentElement?.setAttribute('aria-sort', mine ? (order.direction === 1 ? 'ascending' : 'descending') : 'none');
    }
  }

  /** Where the requests are at the shown moment: under way, or still to come. */
  function mark({ log: shown, t, frame, followed }: Seen): void {
    const under = new Set(frame.requests.map((request) => request.key));
    const { byKey } = indexOf(shown).requests;
    for (const [key, row] of rows) {
      const state = under.has(key) ? 'now' : (byKey.get(key)?.start ?? 0) > t ? 'later' : '';
      if (row.dataset['when'] !== state) row.dataset['when'] = state;
      row.classList.toggle('followed', key === followed);
      if (state === 'now') row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  }

  const table = element.querySelector('table') as HTMLElement;
  table.addEventListener('click', pressed);
  select.addEventListener('change', chosen);

  function chosen(): void {
    filter = select.value as Filter;
    write();
    if (seen) mark(seen);
  }

  function pressed(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const by = event.target.closest<HTMLElement>('[data-by]')?.dataset['by'] as Column | undefined;
    if (by) {
      order = { by, direction: by === order.by && order.direction === 1 ? -1 : 1 };
      write();
    }
    const key = event.target.closest<HTMLElement>('tr')?.dataset['key'];
    if (key) events.open(key);
  }

  return {
    show,
    // rows change with what happens, not from frame to frame
    move() {},
    destroy() {},
  };
}

/** Writes what the row says; cells that say the same are left alone. All of it is text: a loaded file may say anything. */
function fill(item: HTMLTableRowElement, row: Row): void {
  const request = `${row.method} ${pathOf(row.url)}`;
  const part = (ms: number | null): string => (ms === null ? '–' : duration(ms, Math.floor));
  const total = row.total === null ? '–' : duration(row.total, Math.ceil);
  const said = `${row.status} ${row.pid} ${row.worker} ${part(row.waited)} ${part(row.ran)} ${total}`;
  if (item.dataset['said'] === said) return;
  item.dataset['said'] = said;
  const open = el('button', { type: 'button', class: 'open', 'aria-label': `Open request ${row.number}, ${request}` }, String(row.number));
  const status = el('td', { class: 'status-cell' });
  status.innerHTML = statusMark(row.status);
  status.append(` ${statusText(row.status)}`);
  item.replaceChildren(
    el('th', { scope: 'row' }, open),
    status,
    el('td', { class: 'request', title: request }, request),
    row.pid === null ? el('td', {}, '–') : el('td', {}, `${row.worker ?? '?'} `, el('small', {}, `pid ${row.pid}`)),
    ...[part(row.waited), part(row.ran), total].map((text) => el('td', { class: 'number' }, text)),
  );
}
