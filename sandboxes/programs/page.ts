/**
 * What a program says to the page that shows its terminal, between what it prints: an operating system command (OSC) of a
 * number that nobody else uses. Every other terminal leaves it out.
 */
export const PAGE_OSC = 7770;

/** `open`: show this file in the editor. `complete`: what Tab adds to the line, as JSON. */
export type Asked = 'open' | 'complete';

export const askPage = (what: Asked, text: string): string => `\x1b]${PAGE_OSC};${what};${encodeURIComponent(text)}\x07`;

/** What `askPage` made, without the number; null for what it did not make. */
export function readAsked(data: string): { readonly what: Asked; readonly text: string } | null {
  const [, what, text = ''] = /^(open|complete);(.*)$/s.exec(data) ?? [];
  if (what !== 'open' && what !== 'complete') return null;
  try {
    return { what, text: decodeURIComponent(text) };
  } catch {
    return null;
  }
}
