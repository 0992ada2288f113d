/** From a host name to an address, with what the sandbox has: loopback addresses, `localhost` and /etc/hosts. No DNS. */
import { type Host, isSystemError } from '../../host/host.ts';

const LOOPBACK = '127.0.0.1';
const NUMBERS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The address of `name`, or null when nobody knows it. */
export async function resolve(host: Host, name: string): Promise<string | null> {
  if (NUMBERS.test(name)) return name === '0.0.0.0' ? LOOPBACK : name;
  const wanted = name.toLowerCase();
  // As curl and browsers do, whatever the file says.
  if (wanted === 'localhost' || wanted.endsWith('.localhost')) return LOOPBACK;
  for (const line of (await hostsFile(host)).split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (NUMBERS.test(address) && names.includes(wanted)) return address;
  }
  return null;
}

async function hostsFile(host: Host): Promise<string> {
  try {
    return await host.fs.readText('/etc/hosts');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return '';
  }
}
