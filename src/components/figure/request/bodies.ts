/** One form of a hop's bytes, drawn. */
import type { Packet } from '../../../trace/packet.ts';
import { el } from './dom.ts';
import type { Form } from './forms.ts';
import { hexDump, hexOf, offset } from './hex.ts';
import type { Message } from './message.ts';

/** Bytes in a row of hex where there is little room, and where there is more. */
const NARROW = 8;
const WIDE = 16;

/** The element for `form`; what is highlighted is plain until the highlighter has come. */
export function bodyOf(form: Form, narrow: boolean): HTMLElement {
  switch (form.kind) {
    case 'http':
      return httpBody(form.message, narrow);
    case 'hex':
      return el('pre', { class: 'code' }, hexDump(form.bytes, narrow ? NARROW : WIDE));
    case 'packet':
      return packetTable(form.packet, form.bytes);
    case 'environ':
      return pairsTable(Object.entries(form.environ));
  }
}

function httpBody({ head, body, binary, language }: Message, narrow: boolean): HTMLElement {
  const code = el('pre', { class: 'code' });
  code.append(coloured(head, 'http'));
  if (body === '') return code;
  code.append('\n\n');
  if (binary) code.append(hexDump(body, narrow ? NARROW : WIDE));
  else code.append(language === 'text' ? body : coloured(body, language));
  return code;
}

function coloured(text: string, language: 'http' | 'html' | 'json'): HTMLElement {
  const code = el('span', {}, text);
  // without a connection the text stays as it is
  import('./highlight.ts').then(async ({ highlighted }) => code.replaceChildren(await highlighted(text, language))).catch(() => {});
  return code;
}

/** Every variable with the very bytes that say it. */
function packetTable(packet: Packet, bytes: string): HTMLElement {
  const { head, variables, modifier1, modifier2, size, end } = packet;
  const python = modifier1 === 0 ? ', which means Python' : '';
  const rows = [
    row(
      head.at,
      [part('size', bytes.slice(0, head.end))],
      [
        el(
          'span',
          { class: 'about' },
          `modifier1 ${modifier1}${python}; ${size} bytes of variables, low byte first; modifier2 ${modifier2}`,
        ),
      ],
    ),
    ...variables.map(({ name, value, at }) => {
      const middle = at + 2 + name.length;
      const hex = [
        ...[part('size', bytes.slice(at, at + 2)), part('name', bytes.slice(at + 2, middle))],
        ...[part('size', bytes.slice(middle, middle + 2)), part('value', bytes.slice(middle + 2, middle + 2 + value.length))],
      ];
      return row(at, hex, [el('span', { class: 'name' }, name), ' ', value === '' ? el('span', { class: 'about' }, 'empty') : value]);
    }),
  ];
  if (bytes.length > end) {
    const body = bytes.slice(end);
    rows.push(row(end, [part('value', body)], [el('span', { class: 'about' }, `the body of the request, ${body.length} bytes`)]));
  }
  const titles = ['At', 'Bytes in hex', 'Variable'].map((title) => el('th', { scope: 'col' }, title));
  return el('table', { class: 'packet' }, el('thead', {}, el('tr', {}, ...titles)), el('tbody', {}, ...rows));
}

const part = (kind: 'size' | 'name' | 'value', bytes: string): HTMLElement => el('span', { class: kind }, hexOf(bytes));

function row(at: number, hex: readonly HTMLElement[], meaning: readonly (HTMLElement | string)[]): HTMLElement {
  const shown = hex.filter((one) => one.textContent !== '').flatMap((one, index) => (index > 0 ? [' ', one] : [one]));
  return el('tr', {}, el('td', { class: 'at' }, offset(at)), el('td', { class: 'hex' }, ...shown), el('td', {}, ...meaning));
}

function pairsTable(pairs: readonly (readonly [string, string])[]): HTMLElement {
  const rows = pairs.map(([name, value]) =>
    el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value === '' ? el('span', { class: 'about' }, 'empty') : value)),
  );
  return el('table', { class: 'pairs' }, el('tbody', {}, ...rows));
}
