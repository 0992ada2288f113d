/** Which lessons have a recording of the real servers, and why others on routing and faults have none. Runs at build time only. */

const texts = import.meta.glob<string>('../../lessons/en/*/real.ndjson', { query: '?raw', import: 'default', eager: true });

/** By slug, when it was made, as an ISO date. */
export const RECORDED: ReadonlyMap<string, string> = new Map(
  Object.values(texts).map((text) => {
    const { lesson, made } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { readonly lesson: string; readonly made: string };
    return [lesson, made];
  }),
);

/** By slug, in the lessons' order; code in backticks. */
export const UNRECORDED: Readonly<Record<string, string>> = {
  https: 'Its requests come by `curl` over TLS, and the client that records speaks plain HTTP.',
  dependencies: 'All that starts and stops in it is started and stopped by systemd, and the recorder starts no services.',
  'closing-the-gap':
    'Its faults are those of starting by systemd, and the recorder starts no services. That the finished site starts so is tried: the test of the downloads installs it under a systemd of its own.',
  'keep-it-up':
    '`limit-as` counts all addresses of a real process, with its libraries, and in the sandbox only what Python has asked for. So the real worker is refused memory some requests earlier, and the two would not tell the same story on one clock.',
};
