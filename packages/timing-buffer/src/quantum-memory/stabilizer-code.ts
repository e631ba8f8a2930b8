import { TimingBufferError } from '../errors.ts';

/**
 * A code that keeps one qubit in several. Operators are strings of I, X, Y and Z, one letter a
 * qubit, qubit 0 first.
 */
export interface StabilizerCode {
  readonly name: string;
  readonly qubits: number;
  /** qubits − 1 independent operators that commute and leave every code state as it is. */
  readonly generators: readonly string[];
  readonly logicalX: string;
  readonly logicalZ: string;
}

/**
 * Corrects up to (n − 1)/2 bit flips of n qubits and no phase flip: it makes those n times as
 * likely.
 *
 * @param qubits - odd, 3 to 25.
 * @throws {TimingBufferError} `DISTANCE_OUT_OF_RANGE`
 */
export function bitFlipCode(qubits: number): StabilizerCode {
  return repetitionCode('bit-flip', qubits, 'Z', 'X');
}

/** As {@link bitFlipCode}, with phase flips and bit flips exchanged. */
export function phaseFlipCode(qubits: number): StabilizerCode {
  return repetitionCode('phase-flip', qubits, 'X', 'Z');
}

function repetitionCode(
  kind: string,
  qubits: number,
  check: string,
  error: string,
): StabilizerCode {
  checkDistance(qubits, 25);
  const generators = Array.from({ length: qubits - 1 }, (_, i) =>
    operator(qubits, check, [i, i + 1]),
  );
  const all = error.repeat(qubits);
  const one = operator(qubits, check, [0]);
  return {
    name: `${kind} repetition [[${qubits},1]]`,
    qubits,
    generators,
    logicalX: error === 'X' ? all : one,
    logicalZ: error === 'X' ? one : all,
  };
}

/** The smallest code that corrects any error of one qubit (Laflamme, Miquel, Paz & Zurek 1996). */
export const FIVE_QUBIT_CODE: StabilizerCode = Object.freeze({
  name: '[[5,1,3]]',
  qubits: 5,
  generators: Object.freeze(['XZZXI', 'IXZZX', 'XIXZZ', 'ZXIXZ']),
  logicalX: 'XXXXX',
  logicalZ: 'ZZZZZ',
});

/** Steane's code: X and Z checks at the same places (Steane 1996). */
export const STEANE_CODE: StabilizerCode = Object.freeze({
  name: 'Steane [[7,1,3]]',
  qubits: 7,
  generators: Object.freeze(['IIIXXXX', 'IXXIIXX', 'XIXIXIX', 'IIIZZZZ', 'IZZIIZZ', 'ZIZIZIZ']),
  logicalX: 'XXXXXXX',
  logicalZ: 'ZZZZZZZ',
});

/** An operator with the letter at the given places. */
export function operator(qubits: number, letter: string, places: readonly number[]): string {
  const letters = new Array<string>(qubits).fill('I');
  for (const place of places) letters[place] = letter;
  return letters.join('');
}

/** @throws {TimingBufferError} `DISTANCE_OUT_OF_RANGE` */
export function checkDistance(distance: number, most: number): void {
  if (Number.isInteger(distance) && distance % 2 === 1 && distance >= 3 && distance <= most) return;
  throw new TimingBufferError(
    'DISTANCE_OUT_OF_RANGE',
    `a distance of ${distance} is not odd and in [3, ${most}]`,
  );
}

/** An operator as bits: bit q of x for an X or Y of qubit q, of z for a Z or Y. */
export interface PauliBits {
  readonly x: number;
  readonly z: number;
}

/** Reads an operator of at most 31 qubits. */
export function pauliBits(text: string): PauliBits {
  let x = 0;
  let z = 0;
  [...text].forEach((letter, qubit) => {
    if (letter === 'X' || letter === 'Y') x |= 1 << qubit;
    if (letter === 'Z' || letter === 'Y') z |= 1 << qubit;
  });
  return { x, z };
}

/** 1 when two operators anticommute, 0 when they commute. */
export function anticommute(a: PauliBits, b: PauliBits): 0 | 1 {
  return parity((a.x & b.z) ^ (a.z & b.x));
}

/** The letters of an operator on so many qubits. */
export function pauliText({ x, z }: PauliBits, qubits: number): string {
  const letters = Array.from(
    { length: qubits },
    (_, q) => 'IXZY'[((x >> q) & 1) | (((z >> q) & 1) << 1)],
  );
  return letters.join('');
}

/** How many qubits an operator acts on. */
export function weightOf({ x, z }: PauliBits): number {
  let count = 0;
  for (let bits = x | z; bits !== 0; bits &= bits - 1) count++;
  return count;
}

function parity(bits: number): 0 | 1 {
  let odd: 0 | 1 = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) odd = odd === 0 ? 1 : 0;
  return odd;
}
