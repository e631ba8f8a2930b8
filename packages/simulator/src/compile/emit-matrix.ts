import { laneShuffle } from './emit-rotation.ts';
import type { Numbers } from './precision.ts';
import { countBits, localMask } from './sweep.ts';
import type { Code, Local } from './wasm/code.ts';
import { TYPE } from './wasm/opcodes.ts';

/** A matrix on some bits of the element number; on real and imaginary parts alike if it is real. */
export interface MatrixStep {
  readonly mask: number;
  readonly isReal: boolean;
}

/*
 * Element e of the result is the sum of M[row][column] · x over the elements x that differ from e
 * in bits of the mask only. Those that differ in the number of their lane come from a vector with
 * its lanes exchanged, so each vector of coefficients has one column's number for every lane. The
 * order of the sum is that of row ⊕ column: the same whichever bits number lanes.
 */

/** How many vectors of coefficients the matrix takes. */
export function matrixVectors({ mask, isReal }: MatrixStep, laneBits: number): number {
  const registers = 1 << countBits(mask >> laneBits);
  const exchanges = 1 << countBits(mask & ((1 << laneBits) - 1));
  return registers * registers * exchanges * (isReal ? 1 : 2);
}

/** What these vectors hold, one after another, of a row-major interleaved matrix. */
export function matrixCoefficients(
  { mask, isReal }: MatrixStep,
  laneBits: number,
  matrix: Float64Array,
): number[] {
  const size = 1 << countBits(mask);
  const values: number[] = [];
  const high = subsets(mask & -(1 << laneBits));
  for (const row of high) {
    for (const apart of high) {
      for (const exchange of subsets(mask & ((1 << laneBits) - 1))) {
        for (const part of isReal ? [0] : [0, 1]) {
          for (let lane = 0; lane < 1 << laneBits; lane++) {
            const r = localMask(row | lane, mask);
            const c = localMask((row ^ apart) | (lane ^ exchange), mask);
            values.push(matrix[2 * (r * size + c) + part]);
          }
        }
      }
    }
  }
  return values;
}

/** All sets of these bits, ascending. */
function subsets(mask: number): number[] {
  const sets = [0];
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    sets.push(...sets.map((set) => set | bit));
  }
  return sets;
}

/**
 * Replaces the registers by those with the matrix applied.
 *
 * @param parts - the registers of the real and of the imaginary parts, or of one of them if the
 *   matrix is real.
 * @param coefficients - as `matrixCoefficients` orders them.
 */
export function emitMatrix(
  code: Code,
  numbers: Numbers,
  step: MatrixStep,
  parts: readonly Local[][],
  coefficients: readonly Local[],
): void {
  const { laneBits } = numbers;
  const high = step.mask >> laneBits;
  const sets = subsets(high);
  const exchanges = subsets(step.mask & ((1 << laneBits) - 1));
  const columns = sets.length * exchanges.length;
  const perColumn = step.isReal ? 1 : 2;
  const sum = new SumEmitter(code, numbers);
  for (let base = 0; base < parts[0].length; base++) {
    if ((base & high) !== 0) continue;
    const sources = parts.map((registers) =>
      sets.map((set) => exchanges.map((lanes) => sum.exchanged(registers[base | set], lanes))),
    );
    sets.forEach((set, row) => {
      const first = row * columns * perColumn;
      // Of sets numbered ascending, the number of a ⊕ b is that of a ⊕ that of b.
      const sourcesOf = (part: number) => sets.flatMap((_, apart) => sources[part][row ^ apart]);
      const real = (column: number) => coefficients[first + perColumn * column];
      const imaginary = (column: number) => coefficients[first + perColumn * column + 1];
      const targets = parts.map((_, part) => {
        const terms = sourcesOf(part).map((x, k) => ({ x, by: real(k), sign: 1 }));
        if (step.isReal) return sum.of(terms);
        const cross = sourcesOf(1 - part).map((x, k) => ({
          x,
          by: imaginary(k),
          sign: part === 0 ? -1 : 1,
        }));
        return sum.of([...terms, ...cross]);
      });
      // Sources are other locals, so those still to be read stay as they are.
      parts.forEach((registers, part) => {
        registers[base | set] = targets[part];
      });
    });
  }
}

interface Term {
  readonly x: Local;
  readonly by: Local;
  readonly sign: number;
}

class SumEmitter {
  readonly #code: Code;
  readonly #numbers: Numbers;

  constructor(code: Code, numbers: Numbers) {
    this.#code = code;
    this.#numbers = numbers;
  }

  /** A vector whose lane k is lane k ⊕ lanes of the register. */
  exchanged(register: Local, lanes: number): Local {
    if (lanes === 0) return register;
    const local = this.#code.local(TYPE.v128);
    const bytes = laneShuffle(this.#numbers, (lane) => lane ^ lanes);
    this.#code.get(register, register).shuffle(bytes).set(local);
    return local;
  }

  /** The sum of ±x·by in a new local; the first term is positive. */
  of([first, ...others]: readonly Term[]): Local {
    const { add, sub, mul, madd, nmadd } = this.#numbers;
    const code = this.#code;
    const total = code.local(TYPE.v128);
    code.get(first.x, first.by).simd(mul).set(total);
    for (const { x, by, sign } of others) {
      const fused = sign > 0 ? madd : nmadd;
      if (fused !== undefined) code.get(x, by, total).simd(fused).set(total);
      else {
        code
          .get(total, x, by)
          .simd(mul, sign > 0 ? add : sub)
          .set(total);
      }
    }
    return total;
  }
}
