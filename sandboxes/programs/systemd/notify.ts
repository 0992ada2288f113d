/**
 * Where services say that they are ready (sd_notify(3)). The real one is a datagram socket that tells the sender's process;
 * here every service has a socket of its own, and a message is what comes over one connection.
 */
import type { Connection, Host, Listener } from '../../host/host.ts';

const FOLDER = '/run/systemd/notify';
/** A message is short; of a longer one the rest is not read. */
const LONGEST = 4_096;

export class NotifySockets {
  readonly #host: Host;
  readonly #hearers = new Map<string, (message: string) => void>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** The path of a unit's socket; `hear` gets every message. */
  async open(unit: string, hear: (message: string) => void): Promise<string> {
    const path = `${FOLDER}/${unit}`;
    const isOpen = this.#hearers.has(unit);
    this.#hearers.set(unit, hear);
    if (isOpen) return path;
    await this.#host.fs.makeDirectory(FOLDER, { parents: true });
    await this.#host.fs.remove(path).catch(() => {});
    const listener = await this.#host.listen({ path }, { mode: 0o666 });
    void this.#serve(listener, unit);
    return path;
  }

  async #serve(listener: Listener, unit: string): Promise<void> {
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept())
      void read(connection).then(
        (message) => this.#hearers.get(unit)?.(message),
        () => {},
      );
  }
}

async function read(connection: Connection): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = await connection.read(); bytes !== null && text.length < LONGEST; bytes = await connection.read())
    text += decoder.decode(bytes, { stream: true });
  connection.close();
  return text;
}
