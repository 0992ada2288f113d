/** Parses HTML with the browser's own parser: in a document that is never shown, so that nothing runs and nothing is loaded. */
import type { HttpResponse } from '../../runtime/runtime.ts';
import { textOf } from './content.ts';
import { type PageElement, type Rewritten, rewritePage } from './rewrite.ts';

export function parsePage(response: HttpResponse, url: string): Rewritten {
  const parsed = new DOMParser().parseFromString(textOf(response), 'text/html');
  const xml = new XMLSerializer();
  return rewritePage(parsed.documentElement, url, (svg: PageElement) => xml.serializeToString(svg as unknown as Node));
}
