/** The client of a recording: sends requests, each on a connection of its own, and notes when it sent them and when it had the answer. */
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Measured } from './measured.ts';
import { now } from './watch.ts';

/** A connection on which nothing has moved for so long is given up, in milliseconds. */
const SILENCE_MS = 20_000;

/** Resolves when the answer has come whole, or none will. */
export function send(
  to: { readonly host: string; readonly port: number },
  name: string,
  path: string,
  note: (fact: Measured) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(to);
    let port = 0;
    const lost = ({ message: reason }: Error): void => {
      note({ what: 'lost', t: now(), port, reason });
      resolve();
    };
    socket.on('error', lost);
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error(`no answer for ${SILENCE_MS / 1000} s`)));
    socket.on('connect', () => {
      socket.off('error', lost);
      port = socket.localPort ?? 0;
      note({ what: 'sent', t: now(), port, path });
      const asked = request({ createConnection: () => socket, path, headers: { Host: name, Connection: 'close' } }, (answer) => {
        let bytes = 0;
        answer.on('data', (part: Buffer) => {
          bytes += part.length;
        });
        answer.on('error', lost);
        answer.on('end', () => {
          note({ what: 'answered', t: now(), port, status: answer.statusCode ?? 0, bytes, server: String(answer.headers.server ?? '') });
          resolve();
        });
      });
      asked.on('error', lost);
      asked.end();
    });
  });
}
