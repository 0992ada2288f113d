/**
 * Makes chains of certificates with the real openssl, asks it what it thinks of each as that of a server, and writes both
 * to the fixtures of `sandboxes/programs/tls`:
 *
 *   node scripts/run.mjs scripts/record-chains.ts
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './lib/paths.ts';

const AUTHORITY = 'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid';
const LEAF = 'subjectAltName=DNS:shop.test\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid';
/** Without the numbers by which an issuer's key is known. */
const NAMELESS = 'subjectKeyIdentifier=none\nauthorityKeyIdentifier=none';
const ANONYMOUS = `basicConstraints=critical,CA:TRUE\n${NAMELESS}`;
const CRITICAL = '1.2.3.4=critical,ASN1:UTF8String:x';

/** A certificate: `key` names its key and, without `cn`, its name; null extensions make one of version 1. */
interface Made {
  readonly key: string;
  readonly cn?: string;
  /** The issuer's key; its own when left out. */
  readonly by?: string;
  readonly issuer?: string;
  readonly extensions?: string | null;
  readonly days?: number;
}

interface Chain {
  readonly made: Readonly<Record<string, Made>>;
  /** The server's own first. */
  readonly sent: readonly string[];
  readonly trusted: readonly string[];
  /** Days from now. */
  readonly day?: number;
}

const root: Made = { key: 'root' };
const middle: Made = { key: 'middle', by: 'root' };
const leaf: Made = { key: 'leaf', by: 'middle', extensions: LEAF };
const direct: Made = { ...leaf, by: 'root' };
const long = (more: Partial<Record<'root' | 'middle' | 'leaf', Partial<Made>>> = {}, day = 0): Chain => ({
  made: { root: { ...root, ...more.root }, middle: { ...middle, ...more.middle }, leaf: { ...leaf, ...more.leaf } },
  sent: ['leaf', 'middle'],
  trusted: ['root'],
  day,
});
const alone: Made = { key: 'leaf', extensions: LEAF };

const CHAINS: Readonly<Record<string, Chain>> = {
  'a root and a leaf': { made: { root, leaf: direct }, sent: ['leaf'], trusted: ['root'] },
  'one between': long(),
  'sent in another order, with the root': { ...long(), sent: ['leaf', 'root', 'middle'] },
  'one between is missing': { ...long(), sent: ['leaf'] },
  'nothing trusted': { ...long(), trusted: [] },
  'the root sent, nothing trusted': { ...long(), sent: ['leaf', 'middle', 'root'], trusted: [] },
  'signed by itself': { made: { leaf: alone }, sent: ['leaf'], trusted: [] },
  'signed by itself and trusted': { made: { leaf: alone }, sent: ['leaf'], trusted: ['leaf'] },
  'only the one between trusted': { ...long(), trusted: ['middle'] },
  'only the leaf trusted': { ...long(), sent: ['leaf'], trusted: ['leaf'] },
  'another key of the same name': {
    made: { root: { ...root, extensions: ANONYMOUS }, leaf: { ...direct, by: 'other', issuer: 'root', extensions: NAMELESS } },
    sent: ['leaf'],
    trusted: ['root'],
  },
  'two roots of one name': {
    made: { old: { key: 'old', cn: 'root' }, root, leaf: direct },
    sent: ['leaf'],
    trusted: ['old', 'root'],
  },
  'two roots of one name, the other way round': {
    made: { old: { key: 'old', cn: 'root' }, root, leaf: direct },
    sent: ['leaf'],
    trusted: ['root', 'old'],
  },
  ...Object.fromEntries(
    [
      ['old', 'root'],
      ['root', 'old'],
    ].map((trusted) => [
      `two roots of one name without numbers: ${trusted.join(', ')}`,
      {
        made: {
          old: { key: 'old', cn: 'root', extensions: ANONYMOUS },
          root: { ...root, extensions: ANONYMOUS },
          leaf: { ...direct, extensions: NAMELESS },
        },
        sent: ['leaf'],
        trusted,
      },
    ]),
  ),
  'one between, made anew': {
    made: { root, old: { ...middle, days: 1 }, middle, leaf },
    sent: ['leaf', 'old', 'middle'],
    trusted: ['root'],
    day: 5,
  },
  'not yet valid': long({}, -2),
  'the leaf has expired': long({ leaf: { days: 1 } }, 5),
  'one between has expired': long({ middle: { days: 1 } }, 5),
  'the root has expired': long({ root: { days: 1 } }, 5),
  'leaf and root have expired': long({ leaf: { days: 1 }, root: { days: 1 } }, 5),
  'one between is no authority': long({ middle: { extensions: AUTHORITY.replace('TRUE', 'FALSE') } }),
  'one between says nothing about it': long({ middle: { extensions: 'subjectKeyIdentifier=hash' } }),
  'one between is of version 1': long({ middle: { extensions: null } }),
  'a root of version 1': long({ root: { extensions: null }, middle: { extensions: ANONYMOUS } }),
  'a root that says nothing about it': long({ root: { extensions: 'subjectKeyIdentifier=hash' } }),
  'a path too long': long({ root: { extensions: AUTHORITY.replace('TRUE', 'TRUE,pathlen:0') } }),
  'a path just as long': long({ middle: { extensions: AUTHORITY.replace('TRUE', 'TRUE,pathlen:0') } }),
  'one between may not sign certificates': long({ middle: { extensions: `${AUTHORITY}\nkeyUsage=critical,cRLSign` } }),
  'one between may': long({ middle: { extensions: `${AUTHORITY}\nkeyUsage=critical,keyCertSign` } }),
  'a root may not sign certificates': long({ root: { extensions: `${AUTHORITY}\nkeyUsage=critical,digitalSignature` } }),
  'a leaf for signing': long({ leaf: { extensions: `${LEAF}\nkeyUsage=critical,digitalSignature` } }),
  'a leaf for signing certificates only': long({ leaf: { extensions: `${LEAF}\nkeyUsage=critical,keyCertSign` } }),
  'a leaf for servers': long({ leaf: { extensions: `${LEAF}\nextendedKeyUsage=serverAuth,clientAuth` } }),
  'a leaf for clients': long({ leaf: { extensions: `${LEAF}\nextendedKeyUsage=clientAuth` } }),
  'a leaf for anything': long({ leaf: { extensions: `${LEAF}\nextendedKeyUsage=anyExtendedKeyUsage` } }),
  'one between for clients': long({ middle: { extensions: `${AUTHORITY}\nextendedKeyUsage=clientAuth` } }),
  'a root for clients': long({ root: { extensions: `${AUTHORITY}\nextendedKeyUsage=clientAuth` } }),
  'signed by itself for clients, and trusted': {
    made: { leaf: { ...alone, extensions: `${LEAF}\nextendedKeyUsage=clientAuth` } },
    sent: ['leaf'],
    trusted: ['leaf'],
  },
  'a leaf with something unknown': long({ leaf: { extensions: `${LEAF}\n${CRITICAL.replace('critical,', '')}` } }),
  'a leaf with something unknown and critical': long({ leaf: { extensions: `${LEAF}\n${CRITICAL}` } }),
  'one between with something unknown and critical': long({ middle: { extensions: `${AUTHORITY}\n${CRITICAL}` } }),
  'a root with something unknown and critical': long({ root: { extensions: `${AUTHORITY}\n${CRITICAL}` } }),
  'two that sign each other': {
    made: { one: { key: 'one', by: 'two' }, two: { key: 'two', by: 'one' }, leaf: { ...leaf, by: 'one' } },
    sent: ['leaf', 'one', 'two'],
    trusted: [],
  },
};

const directory = mkdtempSync(join(tmpdir(), 'chains-'));
const file = (name: string): string => join(directory, name);
const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const now = Math.floor(Date.now() / 1000);
let serial = 1;

const keys = new Set<string>();
function keyFile(name: string): string {
  const path = file(`${name}.key`);
  if (!keys.has(name)) openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path);
  keys.add(name);
  return path;
}

/** Where names are those of keys, an issuer's certificate needs to be no more than name, key and key identifier. */
function make({ key, cn = key, by = key, issuer = by, extensions = AUTHORITY, days = 3650 }: Made): string {
  const [request, signer, config, out] = [file('request'), file('signer'), file('config'), file('out')];
  writeFileSync(config, 'subjectKeyIdentifier=hash');
  openssl('req', '-new', '-key', keyFile(by), '-subj', `/CN=${issuer}`, '-out', request);
  openssl('x509', '-req', '-in', request, '-signkey', keyFile(by), '-extfile', config, '-out', signer);
  openssl('req', '-new', '-key', keyFile(key), '-subj', `/CN=${cn}`, '-out', request);
  const sign = by === key ? ['-signkey', keyFile(key)] : ['-CA', signer, '-CAkey', keyFile(by)];
  if (extensions !== null) writeFileSync(config, extensions);
  const more = extensions === null ? [] : ['-extfile', config];
  openssl('x509', '-req', '-in', request, ...sign, ...more, '-sha256', '-days', String(days), '-set_serial', String(serial++), '-out', out);
  return readFileSync(out, 'latin1');
}

/** openssl's number and words, or null when it is content. */
function judge(
  sent: readonly string[],
  trusted: readonly string[],
  seconds: number,
  partial: boolean,
): { code: number; text: string } | null {
  const [own = '', ...others] = sent;
  writeFileSync(file('own'), own);
  writeFileSync(file('others'), others.join(''));
  writeFileSync(file('trusted'), trusted.join(''));
  const store = trusted.length === 0 ? ['-no-CAfile'] : ['-CAfile', file('trusted')];
  const untrusted = others.length === 0 ? [] : ['-untrusted', file('others')];
  const { stderr, status } = spawnSync(
    'openssl',
    [
      ...['verify', '-purpose', 'sslserver', '-attime', String(seconds), '-no-CApath', '-no-CAstore'],
      ...[...(partial ? ['-partial_chain'] : []), ...store, ...untrusted, file('own')],
    ],
    { encoding: 'latin1' },
  );
  const [, code, text = ''] = /error (\d+) at \d+ depth lookup: (.*)/.exec(stderr) ?? [];
  if ((code === undefined) !== (status === 0)) throw new Error(stderr);
  return code === undefined ? null : { code: Number(code), text };
}

const chains = Object.entries(CHAINS).map(([name, { made, sent, trusted, day = 0 }]) => {
  keys.clear();
  const pems = Object.fromEntries(Object.entries(made).map(([id, one]) => [id, make(one)]));
  const of = (ids: readonly string[]): string[] => ids.map((id) => pems[id] ?? '');
  const seconds = now + 3600 + day * 86_400;
  const [whole, partial] = [false, true].map((some) => judge(of(sent), of(trusted), seconds, some));
  return { name, at: seconds * 1000, sent: of(sent), trusted: of(trusted), whole, partial };
});
const version = openssl('version').toString().trim();
const text = JSON.stringify({ source: `${version}, recorded by scripts/record-chains.ts`, chains }, null, 1);
writeFileSync(at('sandboxes/programs/tls/fixtures/chains.json'), `${text}\n`);
rmSync(directory, { recursive: true });
