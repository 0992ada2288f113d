/** Where this machine is reached from its networks. */
import { networkInterfaces } from 'node:os';

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** Its IPv4 addresses, the ones of a local network first; none without a network. `interfaces` is for tests. */
export function addressesOf(interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces()): string[] {
  const found = Object.entries(interfaces).flatMap(([name, list = []]) =>
    list.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => ({ name, address })),
  );
  // bridges of containers and virtual machines lead nowhere
  const rank = ({ name, address }: (typeof found)[number]): number =>
    /^(docker|br-|veth|virbr|vboxnet)/.test(name) ? 2 : PRIVATE.test(address) ? 0 : 1;
  return found.sort((one, other) => rank(one) - rank(other)).map(({ address }) => address);
}
