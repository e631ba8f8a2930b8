import fc from 'fast-check';
import { expect } from 'vitest';
import { PrivateKey, PublicKey } from '../src/index.ts';
import type { AlgorithmName } from '../src/index.ts';
import { expectOnlyRefusals } from './expect-only-refusals.ts';

type Label = 'PRIVATE KEY' | 'PUBLIC KEY';

export interface DamagedKey {
  readonly label: Label;
  readonly der: Uint8Array;
}

export function pemOf(label: Label, der: Uint8Array): string {
  const body = Buffer.from(der).toString('base64');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64');
}

/** The key's two DER forms with some bytes changed, cut off, put in or twice. */
export function damagedBytes(key: PrivateKey): fc.Arbitrary<DamagedKey> {
  const forms = [
    { label: 'PRIVATE KEY', der: derOf(key.toPem()) },
    { label: 'PUBLIC KEY', der: derOf(key.publicKey.toPem()) },
  ] as const;
  // The first bytes are tags and lengths, which DER's readers trust most.
  const place = fc.oneof(fc.nat(40), fc.nat(3000));
  const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0x84, 0xff), fc.nat(255));
  const change = fc.record({
    kind: fc.constantFrom('set', 'set', 'set', 'cut', 'insert', 'twice'),
    place,
    byte,
  });
  return fc
    .tuple(fc.constantFrom(...forms), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([{ label, der }, changes]) => {
      let bytes = [...der];
      for (const { kind, place: wanted, byte: value } of changes) {
        const at = bytes.length === 0 ? 0 : wanted % bytes.length;
        if (kind === 'set') bytes[at] = value;
        else if (kind === 'cut') bytes = bytes.slice(0, at);
        else if (kind === 'insert') bytes.splice(at, 0, value);
        else bytes = [...bytes, ...bytes.slice(at)];
      }
      return { label, der: Uint8Array.from(bytes) };
    });
}

/** Reads a damaged key. What is not refused with a code must work as a key of its own. */
export function tryPem(name: AlgorithmName, { label, der }: DamagedKey, message: Uint8Array): void {
  expectOnlyRefusals(() => {
    if (label === 'PUBLIC KEY') {
      const key = PublicKey.fromPem(name, pemOf(label, der));
      expect(key.verify(message, new Uint8Array(64))).toBe(false);
      expect(PublicKey.fromPem(name, key.toPem()).keyId).toBe(key.keyId);
      return;
    }
    using key = PrivateKey.fromPem(name, pemOf(label, der));
    expect(key.publicKey.verify(message, key.sign(message))).toBe(true);
    using again = PrivateKey.fromPem(name, key.toPem());
    expect(again.publicKey.keyId).toBe(key.publicKey.keyId);
  });
}
