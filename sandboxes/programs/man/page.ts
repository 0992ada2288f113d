/** What a command has in this sandbox. */
export interface Page {
  /** One line: what it is for. */
  readonly does: string;
  /** How it is called, each way a line. */
  readonly synopsis: readonly string[];
  /** `-n NUMBER` or `-r, --recursive`, and what it does. */
  readonly options: readonly (readonly [option: string, does: string])[];
  /** What is different here, or worth knowing. */
  readonly notes?: string;
}
