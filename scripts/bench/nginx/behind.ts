/** The server behind the machine's nginx: `behind.ts PORT BYTES`, an answer of that many bytes for each connection. It ends with whoever holds its input. */
import { createServer } from 'node:net';
import { filler } from '../engine/filler.ts';

const [port = 0, bytes = 0] = process.argv.slice(2).map(Number);
const answer = filler(bytes);
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write(answer));
});
process.stdin.resume().on('end', () => process.exit());
server.listen(port, '127.0.0.1', () => console.log('ready'));
