/** Where an Nginx will listen, by what `nginx -T` prints. It may be root's, so whatever is not an address of its own is refused. */
import { Lexer } from '../../sandboxes/programs/nginx/config/lexer.ts';

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
