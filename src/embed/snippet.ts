/** What an author pastes into a page: the element with its script, or a frame alone. */
import { escaped } from '../escaped.ts';
import { ELEMENT_FILES, embedPath } from './addresses.ts';
import { PARAM_NAMES, type ParamName } from './protocol.ts';

export interface Wanted {
  /** Address of the site, with its base and a slash at the end. */
  readonly site: string;
  readonly slug: string;
  readonly title: string;
  /** What differs from what holds anyway. */
  readonly params: Readonly<Partial<Record<ParamName, string>>>;
}

const given = ({ params }: Wanted): [ParamName, string][] => PARAM_NAMES.flatMap((name) => (params[name] ? [[name, params[name]]] : []));

/** The address of the embed, with its parameters. */
export function addressOf(wanted: Wanted): string {
  const query = given(wanted).map(([name, value]) => `${name}=${value}`);
  return `${wanted.site}${embedPath(wanted.slug)}${query.length ? `?${query.join('&')}` : ''}`;
}

export function elementSnippet(wanted: Wanted): string {
  const { site, slug, title } = wanted;
  const attributes = given(wanted).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return [
    `<script src="${escaped(site)}${ELEMENT_FILES[1]}" async></script>`,
    `<request-flow src="${escaped(site)}${embedPath(slug)}" label="${escaped(title)}"${attributes.join('')}>`,
    `  <a href="${escaped(addressOf(wanted))}">${escaped(title)} (interactive lesson)</a>`,
    '</request-flow>',
  ].join('\n');
}

/** `height` in px: a frame without the script keeps it. */
export function frameSnippet(wanted: Wanted, height: number): string {
  return [
    `<iframe src="${escaped(addressOf(wanted))}"`,
    `  title="${escaped(wanted.title)} (interactive lesson)" loading="lazy"`,
    `  style="width:100%;height:${height}px;border:0"`,
    '  allow="fullscreen; clipboard-write" referrerpolicy="strict-origin-when-cross-origin"></iframe>',
  ].join('\n');
}
