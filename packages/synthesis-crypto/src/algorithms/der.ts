/**
 * The two structures that every key travels in, for algorithms that old versions of OpenSSL cannot
 * read: SubjectPublicKeyInfo (RFC 5280, §4.1) and PrivateKeyInfo (RFC 5958), with an algorithm
 * identifier that is an object identifier alone.
 */
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;

export function derElement(tag: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([derHeader(tag, content.length), content]);
}

/** What stands before content of that many bytes. */
export function derHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  return length < 0x100
    ? Uint8Array.of(tag, 0x81, length)
    : Uint8Array.of(tag, 0x82, length >> 8, length & 0xff);
}

/** @param identifier - the object identifier, its own tag and length included. */
export function encodeSpki(identifier: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const bits = derElement(BIT_STRING, Buffer.concat([Uint8Array.of(0), publicKey]));
  return derElement(SEQUENCE, Buffer.concat([derElement(SEQUENCE, identifier), bits]));
}

/**
 * Copies the secret once, into what it returns.
 *
 * @param header - what the octet string holds before the secret.
 */
export function encodePkcs8(
  identifier: Uint8Array,
  header: Uint8Array,
  secret: Uint8Array,
): Uint8Array {
  const version = Uint8Array.of(INTEGER, 1, 0);
  const algorithm = derElement(SEQUENCE, identifier);
  const octets = derHeader(OCTET_STRING, header.length + secret.length);
  const content = [version, algorithm, octets, header, secret];
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([derHeader(SEQUENCE, length), ...content]);
}

/** A copy of the key, or undefined unless the whole is one such structure in DER. */
export function decodeSpki(der: Uint8Array, identifier: Uint8Array): Uint8Array | undefined {
  const [algorithm, bits, ...rest] = sequence(der) ?? [];
  if (!isAlgorithm(algorithm, identifier) || bits?.tag !== BIT_STRING || rest.length > 0) {
    return undefined;
  }
  return bits.content[0] === 0 ? Uint8Array.from(bits.content.subarray(1)) : undefined;
}

/** The private key's octet string, a view of `der`; attributes after it are allowed and dropped. */
export function decodePkcs8(der: Uint8Array, identifier: Uint8Array): Uint8Array | undefined {
  const [version, algorithm, key] = sequence(der) ?? [];
  const isVersion = version?.tag === INTEGER && version.content.length === 1;
  if (!isVersion || !isAlgorithm(algorithm, identifier) || key?.tag !== OCTET_STRING) {
    return undefined;
  }
  return key.content;
}

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The elements of one sequence that fills `der`, or undefined. */
export function sequence(der: Uint8Array): DerElement[] | undefined {
  const outer = elements(der);
  return outer?.length === 1 && outer[0].tag === SEQUENCE ? elements(outer[0].content) : undefined;
}

/** Elements one after another; DER, so each length has its one shortest spelling. */
export function elements(bytes: Uint8Array): DerElement[] | undefined {
  const found: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return undefined;
    const tag = bytes[at];
    let length = bytes[at + 1];
    at += 2;
    if (length > 0x82 || length === 0x80) return undefined;
    if (length > 0x80) {
      const digits = bytes.subarray(at, at + length - 0x80);
      if (digits.length !== length - 0x80 || digits[0] === 0) return undefined;
      at += digits.length;
      length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
      if (length < 0x80) return undefined;
    }
    if (at + length > bytes.length) return undefined;
    found.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

function isAlgorithm(element: DerElement | undefined, identifier: Uint8Array): boolean {
  return element?.tag === SEQUENCE && Buffer.from(element.content).equals(identifier);
}
