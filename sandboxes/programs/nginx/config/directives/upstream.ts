/** The `upstream` block. */
import { parseUpstream } from '../addresses.ts';
import type { Call, Commands } from '../parser.ts';
import type { Group, Method, PeerConfig } from '../upstream-model.ts';
import { parseNumber, parseSeconds } from '../values.ts';
import { compile } from './tools.ts';

async function setUpstream({ parser, scope, args }: Call): Promise<void> {
  const [name = ''] = args;
  const before = parser.config.groups.get(name.toLowerCase());
  if (before?.explicit) throw parser.error(`duplicate upstream "${name}"`);
  const group: Group = before ?? { name, place: parser.place, explicit: true, peers: [], method: { kind: 'round-robin' } };
  const own = { ...group, explicit: true };
  // A pass directive above the block already holds the group: it is filled in place.
  Object.assign(group, own);
  parser.config.groups.set(name.toLowerCase(), group);
  await parser.block({ ...scope, context: 'upstream', group, seen: new Set() });
  if (group.peers.length === 0) throw parser.error('no servers are inside upstream');
}

/** Parameters that a balancing method does not take, by their names. */
const WITHOUT: Readonly<Record<Method['kind'], readonly string[]>> = {
  'round-robin': [],
  least_conn: [],
  ip_hash: ['backup'],
  hash: ['backup'],
  random: ['backup'],
};

type Draft = { -readonly [K in keyof PeerConfig]: PeerConfig[K] };

/** `server` in an upstream; the block of the same name is another directive. */
export function setUpstreamServer(call: Call): void {
  const { parser, scope, args } = call;
  const { group } = scope;
  const [text = '', ...options] = args;
  if (!group) return;
  const peer: Draft = {
    address: { port: 0, ip: '' },
    name: '',
    weight: 1,
    maxConns: 0,
    maxFails: 1,
    failTimeout: 10_000,
    backup: false,
    down: false,
  };
  for (const option of options) setOption(call, peer, option, group.method.kind);
  const address = parseUpstream(text, 80);
  if ('problem' in address) throw parser.error(`${address.problem} in upstream "${text}"`);
  Object.assign(peer, address.value);
  group.peers.push(peer);
}

function setOption({ parser }: Call, peer: Draft, option: string, method: Method['kind']): void {
  const [, name = option, value = ''] = /^([a-z_]+)=(.*)$/s.exec(option) ?? [];
  const invalid = () => parser.error(`invalid parameter "${option}"`);
  if (WITHOUT[method].includes(name)) throw parser.error(`balancing method does not support parameter "${option}"`);
  const number = (): number => {
    const read = parseNumber(value);
    if (read === null) throw invalid();
    return read;
  };
  if (option === 'backup') peer.backup = true;
  else if (option === 'down') peer.down = true;
  else if (option.startsWith('weight=')) {
    peer.weight = number();
    if (peer.weight === 0) throw invalid();
  } else if (option.startsWith('max_conns=')) peer.maxConns = number();
  else if (option.startsWith('max_fails=')) peer.maxFails = number();
  else if (option.startsWith('fail_timeout=')) {
    const time = parseSeconds(value);
    if (time === null) throw invalid();
    peer.failTimeout = time;
  } else throw invalid();
}

function method(call: Call, chosen: Method): void {
  const { group } = call.scope;
  if (!group) return;
  if (group.method.kind !== 'round-robin') call.parser.warn('load balancing method redefined');
  group.method = chosen;
}

export const UPSTREAM: Commands = {
  upstream: { does: 'A group of servers under one name.', set: setUpstream },
  least_conn: { does: 'The server with the fewest requests under way comes next.', set: (call) => method(call, { kind: 'least_conn' }) },
  ip_hash: {
    does: 'One client always gets the same server, by the first three parts of its address.',
    set: (call) => method(call, { kind: 'ip_hash' }),
  },
  hash: {
    does: 'One key always gets the same server.',
    set: (call) => {
      const [key = '', option] = call.args;
      if (option !== undefined && option !== 'consistent') throw call.parser.error(`invalid parameter "${option}"`);
      method(call, { kind: 'hash', key: compile(call, key), consistent: option !== undefined });
    },
  },
  random: {
    does: 'A server by chance, or the less busy one of two.',
    set: (call) => {
      const [first, second] = call.args;
      if (first !== undefined && first !== 'two') throw call.parser.error(`invalid parameter "${first}"`);
      if (second !== undefined && second !== 'least_conn') throw call.parser.error(`invalid parameter "${second}"`);
      method(call, { kind: 'random', two: first !== undefined });
    },
  },
};
