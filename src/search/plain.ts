/** The words of a lesson's text as it is written, without its marks: for the search index. Pure. */

/** MDX to plain text: components go, what stands in them stays; so do the words of links, and code. */
export function plainText(mdx: string): string {
  return mdx
    .replace(/^```.*$/gm, '')
    .replace(/^(import|export) .*$/gm, '')
    .replace(/\{\/\*[\s\S]*?\*\/\}/g, '')
    .replace(/<\/?[A-Za-z][^<>]*>/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^#+ /gm, '')
    .replace(/^\s*[-*] /gm, '')
    .replace(/\|/g, ' ')
    .replace(/(\*\*|`)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

export interface StepText {
  readonly n: number;
  readonly title: string;
  readonly text: string;
}

/** The text before the first step, and each step. */
export function stepTexts(body: string): { readonly opening: string; readonly steps: readonly StepText[] } {
  const [opening = '', ...parts] = body.split(/<Step\b/);
  const steps = parts.map((part): StepText => {
    const [, attributes = '', inside = ''] = /^([^>]*)>([\s\S]*)$/.exec(part) ?? [];
    const n = Number(/\bn=\{(\d+)\}/.exec(attributes)?.[1]);
    return { n, title: /\btitle="([^"]*)"/.exec(attributes)?.[1] ?? '', text: plainText(inside) };
  });
  return { opening: plainText(opening), steps };
}
