/** `openssl s_client`: shake hands, say what was agreed on, then carry standard input and output. */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { resolve } from '../curl/hosts.ts';
import { byteText } from '../http/bytes.ts';
import { Through } from '../http/through.ts';
import type { TlsConnection } from '../tls/connection.ts';
import type { Certificate } from '../tls/x509/certificate.ts';
import type { Problem } from '../tls/x509/verify.ts';
import { Failure } from './failure.ts';
import type { Options } from './options.ts';
import { printName, printTime } from './print.ts';

export const S_CLIENT = ['connect=', 'servername=', 'noservername', 'CAfile=', 'tls1_3', 'quiet'];

/** Counts what goes through. */
class Counted extends Through {
  received = 0;
  sent = 0;

  override async read(): Promise<Uint8Array | null> {
    const bytes = await super.read();
    this.received += bytes?.length ?? 0;
    return bytes;
  }

  override write(bytes: Uint8Array | string): Promise<void> {
    this.sent += bytes.length;
    return super.write(bytes);
  }
}

export async function sClient(host: Host, options: Options): Promise<number> {
  const { connectTls, isAddress, openSslWords, readCertificate, readCertificates, TlsError, Truncated, verifyChain } = await import(
    '../tls/index.ts'
  );
  const [name = '', port = '4433'] = (options.value('connect') ?? 'localhost:4433').split(':');
  const connection = new Counted(await connect(host, name, Number(port)));
  const quiet = options.has('quiet');
  const trusted = readCertificates(await authorities(host, options.value('CAfile')));
  const serverName = options.has('noservername') ? null : (options.value('servername') ?? (isAddress(name) ? null : name));
  if (!quiet) await host.print('CONNECTED(00000003)\n');
  let problem: Problem | null = null;
  const check = (chain: readonly Uint8Array[]): null => {
    problem = verifyChain(chain, trusted, host.date(), { partial: false });
    return null;
  };
  let tls: TlsConnection | null = null;
  try {
    tls = await connectTls(connection, host, { serverName, protocols: [], check });
    const chain = tls.agreed.chain.flatMap((der) => readCertificate(der) ?? []);
    await host.printError(verification(chain, problem));
    if (!quiet) await host.print(await report(tls, chain, problem, connection));
    return await carry(host, tls, quiet);
  } catch (error) {
    const shaken = tls !== null;
    if (isSystemError(error)) await host.printError(`${shaken ? 'read' : 'write'}:errno=${error.errno}\n`);
    else if (error instanceof TlsError) await host.printError(`error:${openSslWords(error)}\n`);
    else if (error instanceof Truncated) await host.printError('error:0A000126:SSL routines::unexpected eof while reading\n');
    else throw error;
    if (!shaken && !quiet) await host.print(`---\nno peer certificate available\n${agreement(connection, null)}---\n`);
    return shaken && isSystemError(error) ? error.errno : 1;
  } finally {
    connection.close();
  }
}

async function connect(host: Host, name: string, port: number): Promise<Connection> {
  const ip = await resolve(host, name);
  if (ip === null) throw new Failure(`getaddrinfo: Name or service not known\nconnect:errno=22`);
  try {
    return await host.connect({ port, ip });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`connect:errno=${error.errno}`);
  }
}

async function authorities(host: Host, path: string | null): Promise<string> {
  try {
    return path === null ? '' : byteText(await host.fs.read(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`Could not open file or uri for loading CA certificates from ${path}: ${error.strerror}`);
  }
}

function verification([leaf]: readonly Certificate[], problem: Problem | null): string {
  const depth = `depth=0 ${leaf ? printName(leaf.subject) : ''}\n`;
  const error = problem ? `${depth}verify error:num=${problem.code}:${problem.text}\nverify return:1\n` : '';
  return `${error}${depth}verify return:1\n`;
}

async function report(tls: TlsConnection, chain: readonly Certificate[], problem: Problem | null, counted: Counted): Promise<string> {
  const { writePem } = await import('../tls/index.ts');
  const [leaf] = chain;
  if (!leaf) return '';
  const lines = chain.map(
    ({ subject, issuer, notBefore, notAfter }, i) =>
      `${String(i).padStart(2)} s:${printName(subject)}\n   i:${printName(issuer)}\n` +
      '   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256\n' +
      `   v:NotBefore: ${printTime(notBefore)}; NotAfter: ${printTime(notAfter)}\n`,
  );
  const key = tls.agreed.group === 'x25519' ? 'X25519, 253 bits' : 'ECDH, prime256v1, 256 bits';
  return (
    `---\nCertificate chain\n${lines.join('')}---\nServer certificate\n${writePem({ label: 'CERTIFICATE', der: leaf.der })}` +
    `subject=${printName(leaf.subject)}\nissuer=${printName(leaf.issuer)}\n` +
    agreement(counted, { suite: tls.agreed.suite.name, key, problem }) +
    '---\n'
  );
}

/** The part of the report that is there without a handshake too. */
function agreement(
  { received, sent }: Counted,
  agreed: { readonly suite: string; readonly key: string; readonly problem: Problem | null } | null,
): string {
  const { problem } = agreed ?? { problem: null };
  return (
    '---\nNo client certificate CA names sent\n' +
    (agreed ? `Peer signing digest: SHA256\nPeer signature type: ECDSA\nServer Temp Key: ${agreed.key}\n` : '') +
    `---\nSSL handshake has read ${received} bytes and written ${sent} bytes\n${problem ? `Verification error: ${problem.text}` : 'Verification: OK'}\n---\n` +
    (agreed ? `New, TLSv1.3, Cipher is ${agreed.suite}\nServer public key is 256 bit\n` : 'New, (NONE), Cipher is (NONE)\n') +
    'Secure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\nNo ALPN negotiated\nEarly data was not sent\n' +
    `Verify return code: ${problem ? `${problem.code} (${problem.text})` : '0 (ok)'}\n`
  );
}

/** Until the server closes; the end of standard input (or a line with Q) ends it before, but not with -quiet. */
async function carry(host: Host, tls: TlsConnection, quiet: boolean): Promise<number> {
  const download = async (): Promise<'closed'> => {
    for (let bytes = await tls.read(); bytes !== null; bytes = await tls.read()) await host.print(bytes);
    return 'closed';
  };
  const upload = async (): Promise<'done'> => {
    for (let bytes = await host.readInput(); bytes !== null; bytes = await host.readInput()) {
      if (!quiet && bytes[0] === 81) return 'done';
      await tls.write(bytes);
    }
    return quiet ? new Promise<never>(() => {}) : 'done';
  };
  const end = await Promise.race([download(), upload()]);
  tls.close();
  if (end === 'done') await host.printError('DONE\n');
  else if (!quiet) await host.print('closed\n');
  return 0;
}
