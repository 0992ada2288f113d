/** Which rows the table shows, and in which order. Pure. */
import type { Row, Traffic } from '../../trace/traffic.ts';

export const COLUMNS = [
  { id: 'number', label: 'No.', number: false },
  { id: 'status', label: 'Status', number: false },
  { id: 'request', label: 'Request', number: false },
  { id: 'worker', label: 'Worker', number: false },
  { id: 'waited', label: 'Waited', number: true },
  { id: 'ran', label: 'Ran', number: true },
  { id: 'total', label: 'Total', number: true },
] as const;
export type Column = (typeof COLUMNS)[number]['id'];

export const FILTERS = [
  { id: 'all', label: 'All requests' },
  { id: 'errors', label: 'Errors' },
  { id: 'waited', label: 'Queued' },
  { id: 'static', label: 'Static files' },
] as const;
export type Filter = (typeof FILTERS)[number]['id'];

export interface Order {
  readonly by: Column;
  /** 1: smallest first. */
  readonly direction: 1 | -1;
}

/** So many of the newest are looked at. */
export const NEWEST = 500;

/** A wait that a reader would call one (ms): every request goes through the queue. */
const A_WAIT = 1;

const KEEPS: Readonly<Record<Filter, (row: Row) => boolean>> = {
  all: () => true,
  errors: ({ status }) => status !== null && (status === 0 || status >= 400),
  waited: ({ waited, waits }) => waits || (waited ?? 0) >= A_WAIT,
  static: ({ isStatic }) => isStatic,
};

/** The rows to show: of the newest, those that the filter keeps, in that order; equal ones newest first. */
export function rowsOf(traffic: Traffic, filter: Filter, order: Order): Row[] {
  const rows = traffic.newest(NEWEST).filter(KEEPS[filter]);
  return rows.sort((a, b) => compare(valueOf(a, order.by), valueOf(b, order.by), order.direction) || b.number - a.number);
}

function valueOf(row: Row, column: Column): number | string | null {
  return column === 'request' ? `${row.url} ${row.method}` : row[column];
}

/** What is not known comes last, whichever way the others are sorted. */
function compare(a: number | string | null, b: number | string | null, direction: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return (a < b ? -1 : a > b ? 1 : 0) * direction;
}
