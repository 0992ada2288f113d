/** The sites of a deployable folder that Nginx will read, and how they are visited. */
import type { Changed } from '../../runtime/changes.ts';
import { textOf } from './generated.ts';

/** What is to be installed, by path. */
export type Installed = readonly (readonly [path: string, one: Changed])[];

/** What nginx.conf of Debian and Ubuntu takes in. */
const ENABLED = /^\/etc\/nginx\/(sites-enabled\/[^/.][^/]*|conf\.d\/[^/.][^/]*\.conf)$/;
/** What Nginx listens at: the port, and whether it is IPv6's and by TLS. */
interface Listen {
  readonly port: string;
  readonly six: boolean;
  readonly secure: boolean;
}

/** Their texts. A link to one of the files stands for it. */
export function enabledSites(installed: Installed): readonly string[] {
  const all = new Map(installed);
  return installed.flatMap(([path, one]) => {
    if (!ENABLED.test(path)) return [];
    const file = one.kind === 'link' ? all.get(new URL(one.target, `file://${path}`).pathname) : one;
    return file ? [textOf(file)] : [];
  });
}

/** Commands that visit them, a line each. */
export function visits(sites: readonly string[]): string {
  const all = listens(sites);
  const line = (secure: boolean, scheme: string, usual: string, options: string, what: string) => {
    const at = all.find((one) => one.secure === secure);
    if (!at) return '';
    const four = onlyFour(all).includes(at.port) ? '-4 ' : '';
    return `    ${`curl ${four}${options} ${scheme}://localhost${at.port === usual ? '' : `:${at.port}`}/`.padEnd(32)} # ${what}\n`;
  };
  return (
    line(false, 'http', '80', '-i', 'what a visitor gets') + line(true, 'https', '443', '-k', 'and by TLS; -k, because it signed itself')
  );
}

/** Ports where they answer by IPv4 only. */
export const fourOnly = (sites: readonly string[]): readonly string[] => onlyFour(listens(sites));

const onlyFour = (all: readonly Listen[]): readonly string[] => [
  ...new Set(all.flatMap(({ port }) => (all.some((one) => one.six && one.port === port) ? [] : [port]))),
];

function listens(sites: readonly string[]): readonly Listen[] {
  const text = sites.join('\n').replace(/#.*$/gm, '');
  return [...text.matchAll(/\blisten\s+([^;\s]+)([^;]*);/g)].flatMap(([, at = '', options = '']) => {
    if (at.startsWith('unix:')) return [];
    const port = /^(\d+)$|:(\d+)$/.exec(at);
    return [{ port: port?.[1] ?? port?.[2] ?? '80', six: at.startsWith('['), secure: /\sssl\b/.test(options) }];
  });
}
