/** The styles of a part that is fetched when it is first asked for come with it, so that no page's sheet has to bring them. */
const added = new Set<string>();

/** Has these rules hold in the page from now on. The same ones again change nothing. */
export function addStyle(css: string): void {
  if (added.has(css)) return;
  added.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}
