/** Chains of certificates, and what the real openssl said of each (fixtures/chains.json). */
import { describe, expect, test } from 'vitest';
import recorded from '../fixtures/chains.json' with { type: 'json' };
import { readPem } from './pem.ts';
import { readCertificates, verifyChain } from './verify.ts';

const ders = (pems: readonly string[]): Uint8Array[] => pems.flatMap((pem) => readPem(pem).map(({ der }) => der));

describe.each(recorded.chains)('$name', ({ at, sent, trusted, whole, partial }) => {
  const roots = readCertificates(trusted.join(''));

  test.each([
    ['whole', whole, false],
    ['partial', partial, true],
  ])('%s', (_, expected, some) => {
    const found = verifyChain(ders(sent), roots, at, { partial: some });
    expect(found && { code: found.code, text: found.text }).toEqual(expected);
  });
});

test('a bit changed in what was signed: 7', () => {
  const good = recorded.chains.find(({ name }) => name === 'one between');
  const [leaf, middle] = ders(good?.sent ?? []);
  if (!good || !leaf || !middle) throw new Error('no such chain');
  const roots = readCertificates(good.trusted.join(''));
  const changed = Uint8Array.from(leaf);
  // Letters of the name in the certificate: shop.test.
  const place = new TextDecoder('latin1').decode(leaf).indexOf('shop.test');
  changed[place] = 0x74;
  expect(verifyChain([changed, middle], roots, good.at)).toMatchObject({ code: 7, text: 'certificate signature failure' });
});
