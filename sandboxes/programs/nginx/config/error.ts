/** What is wrong with a configuration, in nginx's words. */

/** Where a statement ends in a file: nginx names the line it had read to, not the one the statement began on. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export class ConfigError extends Error {
  /** `sandbox` marks what only this nginx says: a real directive that it does not have. */
  readonly level: 'emerg' | 'sandbox';
  constructor(message: string, place: Place | null, level: 'emerg' | 'sandbox' = 'emerg') {
    super(place ? `${message} in ${place.file}:${place.line}` : message);
    this.level = level;
  }
}
