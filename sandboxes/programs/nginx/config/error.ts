/** What is wrong with a configuration, in nginx's words. */

/** Where a statement ends in a file: nginx names the line it had read to, not the one the statement began on. */
export interface Place {
  /** '' for the text of -g, which has neither file nor lines. */
  readonly file: string;
  readonly line: number;
}

/** As messages end: ` in /etc/nginx/nginx.conf:5`. */
export const inPlace = (place: Place | null): string =>
  place === null ? '' : place.file === '' ? ' in command line' : ` in ${place.file}:${place.line}`;

export class ConfigError extends Error {
  /** `sandbox` marks what only this nginx says: a real directive that it does not have. */
  readonly level: 'emerg' | 'sandbox';
  constructor(message: string, place: Place | null, level: 'emerg' | 'sandbox' = 'emerg') {
    super(message + inPlace(place));
    this.level = level;
  }
}
