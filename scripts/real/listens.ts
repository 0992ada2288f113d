/** Where an Nginx will listen, by what `nginx -T` prints, and a uWSGI, by its ini. They may be root's, so whatever is not an address of their own is refused. */
import { normalize } from 'node:path';
import { Lexer } from '../../sandboxes/programs/nginx/config/lexer.ts';
import { fillLetters, fillValues, parseIni } from '../../sandboxes/programs/uwsgi/ini.ts';
import type { Place } from './mapping.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Errors: one is open to others than this machine, or may be another's. `address`: what mapping.ts has made of each. */
export function listensOf(config: string, address: string): Listen[] {
  const found: Listen[] = [];
  /** Of each open block: what it is, and whether it says where to listen. */
  const blocks: { readonly name: string; listens: boolean }[] = [];
  const lexer = new Lexer('nginx -T', config);
  for (let { words, end } = lexer.next(); end !== 'end'; { words, end } = lexer.next()) {
    const [name = '', value = ''] = words;
    if (end === '{') blocks.push({ name, listens: false });
    else if (end === '}') {
      const closed = blocks.pop();
      if (closed?.name === 'server' && !closed.listens)
        throw new Error('a server without `listen` would take port 80 of all addresses: it is not started');
    } else if (name === 'listen') {
      const port = /:(\d+)$/.exec(value)?.[1];
      if (value !== `${address}:${port}`)
        throw new Error(`\`listen ${value}\` is not on ${address}, this test's own address: it is not started`);
      found.push({ host: address, port: Number(port) });
      const block = blocks.at(-1);
      if (block) block.listens = true;
    }
  }
  return found;
}

/** Options of uWSGI that open a socket, or a server with one; `chmod-socket` and its like say what one that is open is like. */
const OPENS = /^s$|^https?\d?$|(^|-)(socket|stats|stats-server|subscription-server|udp|snmp)$|router$|^http-to-https$/;
const OPENS_NOT = /^(chmod|chown|map|abstract)-socket$/;
/** What they read, nobody has looked at. */
const READS = /^(ini|include|inherit|emperor)$/;

/** Errors: a socket of this ini is neither below the folder of this test nor on its own address. `ini`: what mapping.ts has made of it. */
export function checkSockets(ini: string, file: string, { root, address }: Pick<Place, 'root' | 'address'>): void {
  const directives = parseIni(fillLetters(ini, { file }), 'uwsgi') ?? [];
  for (const [i, value] of fillValues(directives, {}).entries()) {
    const { name = '' } = directives[i] ?? {};
    if (READS.test(name)) throw new Error(`\`${name} = ${value}\` may open other sockets: it is not started`);
    if (!OPENS.test(name) || OPENS_NOT.test(name)) continue;
    const [where = ''] = (value ?? '').split(',');
    const isOwn =
      normalize(where).startsWith(`${root}/`) || (where.startsWith(`${address}:`) && /^\d+$/.test(where.slice(address.length + 1)));
    if (!isOwn)
      throw new Error(`\`${name} = ${value}\` is not on ${address}, this test's own address, nor in its folder: it is not started`);
  }
}
