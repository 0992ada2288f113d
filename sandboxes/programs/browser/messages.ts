/** What the page and the sandbox's browser process say to each other: one JSON object a line. */

export interface HttpCommand {
  readonly id: number;
  readonly method: string;
  /** `http://localhost/slow?ms=1000` */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Give the request up, as a reader who presses Stop does. */
export interface HttpAbort {
  readonly id: number;
  readonly abort: true;
}

export interface HttpAnswer {
  readonly id: number;
  /** 0 when no HTTP answer came. */
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Base64. */
  readonly body: string;
  /** Connection id and count of requests on it: the request's key in the trace. Empty and 0 when none was made. */
  readonly conn: string;
  readonly n: number;
  readonly ms: number;
  /** Why there is no answer, or null. */
  readonly failed: string | null;
}
