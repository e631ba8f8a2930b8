import {
  HALF_PI_HIGH,
  HALF_PI_LAST,
  HALF_PI_LOW,
  HALF_PI_MIDDLE,
} from '../elementary/tables.generated.ts';
import type { Numbers } from './precision.ts';
import { Code, type Local } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

const { i32, v128 } = TYPE;
const { f64x2Add: ADD, f64x2Sub: SUB, f64x2Mul: MUL } = SIMD;

const TWO_OVER_PI = 0.6366197723675814;
const TO_INTEGER = 6755399441055744;
const SPLITTER = 134217729;
/** Angles up to this have the bits that `sin` and `cos` of the elementary functions give. */
export const LARGEST_ANGLE = 1048576;

/** How many vectors are worked on at once, so that they share the constants. */
const WIDTH = 2;

/** One local for each of those vectors. */
type Wide = readonly Local[];

/** An expression on the stack: locals, a constant, or operations on these. */
type Term = { readonly wide: Wide } | { readonly constant: number } | readonly [number, Term, Term];

const at = (wide: Wide): Term => ({ wide });
const constant = (value: number): Term => ({ constant: value });
const add = (a: Term, b: Term): Term => [ADD, a, b];
const sub = (a: Term, b: Term): Term => [SUB, a, b];
const mul = (a: Term, b: Term): Term => [MUL, a, b];

/** a0 + x·(a1 + x·(a2 + x·a3)). */
function polynomial(x: Term, coefficients: readonly number[]): Term {
  const [first, ...others] = coefficients;
  return others.length === 0
    ? constant(first)
    : add(constant(first), mul(x, polynomial(x, others)));
}

/**
 * A function (angles, their end, out): cosine and sine, interleaved, of doubles, four at a time, by
 * the steps of `elementary.ts` in the same order, hence with the same bits. For states side by side
 * (vectors without lanes of their own) each vector of cosines is followed by that of the sines.
 */
export function emitSincos({ precision, laneBits }: Numbers): Code {
  const code = new Code([i32, i32, i32]);
  const [from, end, out] = [0, 1, 2];
  const writer = new Sincos(code);
  const lower = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  const halves = [lower, lower.map((byte) => byte + 8)];
  code.doWhile(() => {
    const x = writer.set((k) => code.get(from).vector(SIMD.load, 16 * k));
    const [cosine, sine] = writer.emit(x);
    if (laneBits === 0) storeVectors(code, precision, out, cosine, sine);
    for (let k = 0; laneBits > 0 && k < WIDTH; k++) {
      halves.forEach((lanes, half) => {
        code.get(out, cosine[k], sine[k]).shuffle(lanes);
        if (precision === 'f64') code.vector(SIMD.store, 16 * (2 * k + half));
        else code.simd(SIMD.demote).storeLow(8 * (2 * k + half));
      });
    }
    code
      .get(out)
      .i32(WIDTH * (precision === 'f64' ? 32 : 16))
      .op(OP.i32Add)
      .set(out);
    code
      .get(from)
      .i32(16 * WIDTH)
      .op(OP.i32Add)
      .tee(from)
      .get(end)
      .op(OP.i32Ne);
  });
  return code;
}

function storeVectors(
  code: Code,
  precision: Numbers['precision'],
  out: Local,
  cosine: Wide,
  sine: Wide,
): void {
  if (precision === 'f64') {
    for (let k = 0; k < WIDTH; k++) {
      code.get(out, cosine[k]).vector(SIMD.store, 32 * k);
      code.get(out, sine[k]).vector(SIMD.store, 32 * k + 16);
    }
    return;
  }
  const lower = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  [cosine, sine].forEach((values, index) => {
    code.get(out, values[0]).simd(SIMD.demote).get(values[1]).simd(SIMD.demote);
    code.shuffle(lower).vector(SIMD.store, 16 * index);
  });
}

class Sincos {
  readonly #code: Code;

  constructor(code: Code) {
    this.#code = code;
  }

  /** The cosines and the sines of x. */
  emit(x: Wide): [Wide, Wide] {
    const code = this.#code;
    const { quadrant, r, rLow } = this.#reduce(x);
    const sine = this.#sineSeries(r, rLow);
    const cosine = this.#cosineSeries(r, rLow);
    const isOdd = this.set((k) =>
      code.get(quadrant[k]).i32(63).simd(SIMD.i64x2Shl).i32(63).simd(SIMD.i64x2ShrS),
    );
    const signBit = new Uint8Array(Float64Array.of(-0, -0).buffer);
    const sines = this.set((k) => {
      code.get(cosine[k], sine[k], isOdd[k]).simd(SIMD.bitselect);
      code.get(quadrant[k]).i32(62).simd(SIMD.i64x2Shl).get(x[k]).simd(SIMD.xor);
      code.v128(signBit).simd(SIMD.and).simd(SIMD.xor);
    });
    const one = new Uint8Array(BigInt64Array.of(1n, 1n).buffer);
    const cosines = this.set((k) => {
      code.get(sine[k], cosine[k], isOdd[k]).simd(SIMD.bitselect);
      code.get(quadrant[k]).v128(one).simd(SIMD.i64x2Add).i32(62).simd(SIMD.i64x2Shl);
      code.v128(signBit).simd(SIMD.and).simd(SIMD.xor);
    });
    return [cosines, sines];
  }

  set(write: (k: number) => unknown): Wide {
    return Array.from({ length: WIDTH }, (_, k) => {
      write(k);
      const local = this.#code.local(v128);
      this.#code.set(local);
      return local;
    });
  }

  /** |x| = quadrant · π/2 + r + rLow, the quadrant being the low bits of a double. */
  #reduce(x: Wide): { quadrant: Wide; r: Term; rLow: Term } {
    const code = this.#code;
    const magnitude = at(this.set((k) => code.get(x[k]).simd(SIMD.f64x2Abs)));
    const quadrant = this.#let(add(mul(magnitude, constant(TWO_OVER_PI)), constant(TO_INTEGER)));
    const n = at(this.#let(sub(at(quadrant), constant(TO_INTEGER))));
    const first = at(this.#let(sub(magnitude, mul(n, constant(HALF_PI_HIGH)))));
    const second = at(this.#let(mul(n, constant(HALF_PI_MIDDLE))));
    const third = at(this.#let(mul(n, constant(HALF_PI_LOW))));
    const a = at(this.#let(sub(first, second)));
    const b = at(this.#let(sub(a, third)));
    const last = mul(n, constant(HALF_PI_LAST));
    const low = at(
      this.#let(
        add(
          this.#errorOfDifference(first, second, a),
          sub(this.#errorOfDifference(a, third, b), last),
        ),
      ),
    );
    const r = at(this.#let(add(b, low)));
    const rLow = at(this.#let(add(sub(b, r), low)));
    return { quadrant, r, rLow };
  }

  /** a − b − difference exactly: as `sumError` of a and −b, since (−b) − p is −(b + p). */
  #errorOfDifference(a: Term, b: Term, difference: Term): Term {
    const part = at(this.#let(sub(difference, a)));
    return sub(sub(a, sub(difference, part)), add(b, part));
  }

  #sineSeries(r: Term, rLow: Term): Wide {
    const z = at(this.#let(mul(r, r)));
    const w = at(this.#let(mul(z, z)));
    const odd = polynomial(w, [-1 / 6, -1 / 5040, -1 / 39916800, -1 / 1307674368000]);
    const even = polynomial(w, [1 / 120, 1 / 362880, 1 / 6227020800, 1 / 355687428096000]);
    const correction = mul(rLow, sub(constant(1), mul(constant(0.5), z)));
    return this.#let(add(r, add(mul(mul(r, z), add(odd, mul(z, even))), correction)));
  }

  #cosineSeries(r: Term, rLow: Term): Wide {
    const z = at(this.#let(mul(r, r)));
    const w = at(this.#let(mul(z, z)));
    const odd = polynomial(w, [-1 / 720, -1 / 3628800, -1 / 87178291200, -1 / 6402373705728000]);
    const even = polynomial(w, [1 / 24, 1 / 40320, 1 / 479001600, 1 / 20922789888000]);
    const scaled = at(this.#let(mul(constant(SPLITTER), r)));
    const upper = at(this.#let(sub(scaled, sub(scaled, r))));
    const half = at(this.#let(mul(mul(constant(0.5), upper), upper)));
    const difference = at(this.#let(sub(constant(1), half)));
    const lost = sub(
      sub(sub(constant(1), difference), half),
      mul(mul(constant(0.5), sub(r, upper)), add(r, upper)),
    );
    const rest = add(lost, sub(mul(w, add(even, mul(z, odd))), mul(r, rLow)));
    return this.#let(add(difference, rest));
  }

  #let(term: Term): Wide {
    return this.set((k) => {
      this.#put(term, k);
    });
  }

  #put(term: Term, k: number): void {
    if ('wide' in term) this.#code.get(term.wide[k]);
    else if ('constant' in term) this.#code.f64x2(term.constant);
    else {
      this.#put(term[1], k);
      this.#put(term[2], k);
      this.#code.simd(term[0]);
    }
  }
}
