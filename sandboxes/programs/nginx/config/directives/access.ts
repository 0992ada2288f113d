/** allow and deny. */
import type { AccessRule } from '../model.ts';
import type { Call, Commands } from '../parser.ts';

/** An IPv4 address as a 32-bit number, or null. */
export function parseAddress(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function setAccess({ parser, scope, args, name }: Call): void {
  const [text = ''] = args;
  const allow = name === 'allow';
  const add = (network: AccessRule['network']): void => {
    scope.own.access = [...(scope.own.access ?? []), { allow, network }];
  };
  if (text === 'all') {
    add(null);
    return;
  }
  // The sandbox has neither IPv6 nor clients on Unix sockets: such a rule never matches.
  if (text === 'unix:' || (/^[0-9a-f:]+(\/\d{1,3})?$/i.test(text) && text.includes(':'))) return;
  const [ip = '', bits = '32', ...rest] = text.split('/');
  const address = parseAddress(ip);
  if (address === null || rest.length > 0 || !/^\d{1,2}$/.test(bits) || Number(bits) > 32)
    throw parser.error(`invalid parameter "${text}"`);
  const mask = Number(bits) === 0 ? 0 : (-1 << (32 - Number(bits))) >>> 0;
  const network = (address & mask) >>> 0;
  if (network !== address) parser.warn(`low address bits of ${text} are meaningless`);
  add({ address: network, mask });
}

export const ACCESS: Commands = {
  allow: { does: 'Clients that may come in: an address, a network, or all.', set: setAccess },
  deny: { does: 'Clients that may not: they get a 403.', set: setAccess },
};
