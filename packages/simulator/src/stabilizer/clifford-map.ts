import { SimulatorError } from '../errors.ts';

/**
 * A Hermitian product of Paulis on the few qubits of a gate: bit j of `x` and of `z` say whether
 * qubit j carries X, Z or, with both, Y.
 */
export interface LocalPauli {
  readonly x: number;
  readonly z: number;
  readonly negative: boolean;
}

/**
 * What a Clifford gate G on 1 to 8 qubits does to Paulis: `images` are G P G† and `preimages` are
 * G† P G for P = X0, Z0, X1, Z1, …
 */
export interface CliffordMap {
  readonly qubits: number;
  readonly images: readonly LocalPauli[];
  readonly preimages: readonly LocalPauli[];
}

/**
 * The gate that maps X0, Z0, X1, Z1, … to these, written as a sign and one of `IXYZ` a qubit, qubit
 * 0 first: H is `['+Z', '+X']`, CX is `['+XX', '+ZI', '+IX', '+ZZ']`.
 *
 * @throws {SimulatorError} `INVALID_PAULI`, `WRONG_LENGTH`, `NOT_CLIFFORD` when no gate does that
 */
export function cliffordFromPaulis(images: readonly string[]): CliffordMap {
  const qubits = images.length / 2;
  if (!Number.isInteger(qubits) || qubits < 1 || qubits > 8) {
    throw new SimulatorError('WRONG_LENGTH', `${images.length} images are not 2 a qubit, 1 to 8`);
  }
  return cliffordFromImages(images.map((text) => parsePauli(text, qubits)));
}

function parsePauli(text: string, qubits: number): LocalPauli {
  if (!/^[+-][IXYZ]+$/.test(text) || text.length !== qubits + 1) {
    throw new SimulatorError('INVALID_PAULI', `'${text}' is not a sign and ${qubits} of IXYZ`);
  }
  let x = 0;
  let z = 0;
  for (let j = 0; j < qubits; j++) {
    const pauli = text[j + 1];
    if (pauli === 'X' || pauli === 'Y') x |= 1 << j;
    if (pauli === 'Z' || pauli === 'Y') z |= 1 << j;
  }
  return { x, z, negative: text.startsWith('-') };
}

/**
 * The gate of these images of X0, Z0, X1, Z1, …
 *
 * @throws {SimulatorError} `NOT_CLIFFORD` when they do not commute as the Paulis they stand for
 */
export function cliffordFromImages(images: readonly LocalPauli[]): CliffordMap {
  for (let i = 0; i < images.length; i++) {
    for (let j = 0; j < i; j++) {
      const partners = i >> 1 === j >> 1;
      if (anticommute(images[i], images[j]) !== partners) {
        throw new SimulatorError('NOT_CLIFFORD', `images ${j} and ${i} commute as no gate's do`);
      }
    }
  }
  const qubits = images.length / 2;
  const preimages = images.map((_, generator) => preimageOf(images, generator));
  return { qubits, images, preimages };
}

/** Q with G Q G† = ±P carries X where P anticommutes with an image of Z, and Z where of X. */
function preimageOf(images: readonly LocalPauli[], generator: number): LocalPauli {
  const bit = 1 << (generator >> 1);
  const pauli = generator % 2 === 0 ? { x: bit, z: 0 } : { x: 0, z: bit };
  let x = 0;
  let z = 0;
  for (let j = 0; 2 * j < images.length; j++) {
    if (anticommute(pauli, images[2 * j + 1])) x |= 1 << j;
    if (anticommute(pauli, images[2 * j])) z |= 1 << j;
  }
  return { x, z, negative: imageOf(images, { x, z }).negative };
}

/** The image of a positive product, by multiplying the images of its factors. */
function imageOf(
  images: readonly LocalPauli[],
  { x, z }: { readonly x: number; readonly z: number },
): LocalPauli {
  // Y = i·X·Z, so each Y brings a factor i to the product of the images of X and Z.
  let phase = bitCount(x & z);
  let product = { x: 0, z: 0 };
  for (let generator = 0; generator < images.length; generator++) {
    const mask = generator % 2 === 0 ? x : z;
    if (((mask >> (generator >> 1)) & 1) === 0) continue;
    const factor = images[generator];
    phase += productPhase(product, factor) + (factor.negative ? 2 : 0);
    product = { x: product.x ^ factor.x, z: product.z ^ factor.z };
  }
  return { ...product, negative: (phase & 2) !== 0 };
}

type Bits = Omit<LocalPauli, 'negative'>;

function anticommute(a: Bits, b: Bits): boolean {
  return (bitCount((a.x & b.z) ^ (a.z & b.x)) & 1) === 1;
}

/** k in a·b = i^k · (the Hermitian product with the joined bits). */
function productPhase(a: Bits, b: Bits): number {
  const differing = (a.x & b.z) ^ (a.z & b.x);
  const minus = (a.x ^ b.x ^ a.z ^ b.z ^ (a.x & b.z)) & differing;
  return bitCount(differing) + 2 * bitCount(minus);
}

/** How many of 32 bits are set. */
export function bitCount(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  sum = (sum + (sum >>> 4)) & 0x0f0f0f0f;
  return Math.imul(sum, 0x01010101) >>> 24;
}
