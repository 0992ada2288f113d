/** The components in a lesson's text, as it is written. Pure; for the pages and for the tests of the lessons. */

export interface Tag {
  /** Where it stands in the text. */
  readonly offset: number;
  /** `n={1} title="One"` */
  readonly attributes: string;
}

/** Every `<name …>` of the text, in order. */
export function tagsIn(body: string, name: 'Step' | 'Pair' | 'Sort' | 'Do'): Tag[] {
  return [...body.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'))].map(({ index, 1: attributes = '' }) => ({ offset: index, attributes }));
}
