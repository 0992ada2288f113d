/** Asks the supervisor; starts it when there is none. */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { type Answer, type Request, SOCKET } from '../systemd/protocol.ts';

/** A new supervisor has so long to listen, in milliseconds. */
const PATIENCE = 20_000;
const TRY_EVERY = 25;

/** Throws SystemError: EACCES for who is not root, ETIMEDOUT when no supervisor comes up. */
export async function ask(host: Host, request: Request): Promise<Answer> {
  const connection = await connect(host);
  await connection.write(`${JSON.stringify(request)}\n`);
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read())
    text += decoder.decode(bytes, { stream: true });
  connection.close();
  return JSON.parse(text) as Answer;
}

async function connect(host: Host): Promise<Connection> {
  const first = await tryOnce(host);
  if (first !== null) return first;
  // Real systemd is there from the boot on; this one comes when it is first needed.
  let starting = false;
  for (const end = host.now() + PATIENCE; host.now() < end; ) {
    if (!starting) {
      starting = true;
      const supervisor = await host.spawn('systemd', ['--no-boot'], { stdin: 'null', stdout: 'null', stderr: 'null', cwd: '/' });
      // it gives way to another, which may just be ending
      void supervisor.exited.then(() => {
        starting = false;
      });
    }
    await host.sleep(TRY_EVERY);
    const next = await tryOnce(host);
    if (next !== null) return next;
  }
  return host.connect({ path: SOCKET });
}

/** Null when nobody listens. */
async function tryOnce(host: Host): Promise<Connection | null> {
  try {
    return await host.connect({ path: SOCKET });
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ECONNREFUSED')) return null;
    throw error;
  }
}
