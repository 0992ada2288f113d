/** What a link to a source is called: its site, as `nginx.org`. Errors: no address. */
export const siteOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '');
