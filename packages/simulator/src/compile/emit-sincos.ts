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

/** An expression on the stack: a local, a constant, or operations on these. */
type Term = Local | { readonly constant: number } | readonly [number, Term, Term];

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
 * A function (angles, their end, out): cosine and sine, interleaved, of an even number of doubles,
 * two at a time, by the steps of `elementary.ts` in the same order, hence with the same bits.
 */
export function emitSincos({ precision }: Numbers): Code {
  const code = new Code([i32, i32, i32]);
  const [from, end, out] = [0, 1, 2];
  const sine = new Sincos(code);
  code.doWhile(() => {
    code.get(from).vector(SIMD.load).set(sine.x);
    sine.emit();
    const [c, s] = [sine.cosine, sine.sine];
    const firsts = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
    const pairs = [firsts, firsts.map((byte) => byte + 8)];
    if (precision === 'f64') {
      pairs.forEach((lanes, k) => {
        code
          .get(out, c, s)
          .shuffle(lanes)
          .vector(SIMD.store, 16 * k);
      });
    } else {
      pairs.forEach((lanes, k) => {
        code
          .get(out, c, s)
          .shuffle(lanes)
          .simd(SIMD.demote)
          .storeLow(8 * k);
      });
    }
    code
      .get(out)
      .i32(precision === 'f64' ? 32 : 16)
      .op(OP.i32Add)
      .set(out);
    code.get(from).i32(16).op(OP.i32Add).tee(from).get(end).op(OP.i32Ne);
  });
  return code;
}

class Sincos {
  readonly x: Local;
  readonly cosine: Local;
  readonly sine: Local;
  readonly #code: Code;
  readonly #quadrant: Local;
  readonly #r: Local;
  readonly #rLow: Local;

  constructor(code: Code) {
    this.#code = code;
    const local = () => code.local(v128);
    this.x = local();
    this.cosine = local();
    this.sine = local();
    this.#quadrant = local();
    this.#r = local();
    this.#rLow = local();
  }

  emit(): void {
    this.#reduce();
    const sine = this.#sineSeries();
    const cosine = this.#cosineSeries();
    const code = this.#code;
    const quadrant = this.#quadrant;
    const isOdd = this.#set(() =>
      code.get(quadrant).i32(63).simd(SIMD.i64x2Shl).i32(63).simd(SIMD.i64x2ShrS),
    );
    const signBit = new Uint8Array(Float64Array.of(-0, -0).buffer);
    code.get(cosine, sine, isOdd).simd(SIMD.bitselect);
    code.get(quadrant).i32(62).simd(SIMD.i64x2Shl).get(this.x).simd(SIMD.xor);
    code.v128(signBit).simd(SIMD.and).simd(SIMD.xor).set(this.sine);
    const one = new Uint8Array(BigInt64Array.of(1n, 1n).buffer);
    code.get(sine, cosine, isOdd).simd(SIMD.bitselect);
    code.get(quadrant).v128(one).simd(SIMD.i64x2Add).i32(62).simd(SIMD.i64x2Shl);
    code.v128(signBit).simd(SIMD.and).simd(SIMD.xor).set(this.cosine);
  }

  /** |x| = quadrant · π/2 + r + rLow. */
  #reduce(): void {
    const code = this.#code;
    const x = this.#set(() => code.get(this.x).simd(SIMD.f64x2Abs));
    const rounded = this.#let(add(mul(x, constant(TWO_OVER_PI)), constant(TO_INTEGER)));
    code.get(rounded).set(this.#quadrant);
    const n = this.#let(sub(rounded, constant(TO_INTEGER)));
    const first = this.#let(sub(x, mul(n, constant(HALF_PI_HIGH))));
    const second = this.#let(mul(n, constant(HALF_PI_MIDDLE)));
    const third = this.#let(mul(n, constant(HALF_PI_LOW)));
    const a = this.#let(sub(first, second));
    const b = this.#let(sub(a, third));
    const last = mul(n, constant(HALF_PI_LAST));
    const low = this.#let(
      add(
        this.#errorOfDifference(first, second, a),
        sub(this.#errorOfDifference(a, third, b), last),
      ),
    );
    const high = this.#let(add(b, low));
    code.get(high).set(this.#r);
    this.#put(add(sub(b, high), low));
    code.set(this.#rLow);
  }

  /** a − b − difference exactly. */
  #errorOfDifference(a: Local, b: Local, difference: Local): Local {
    const part = this.#let(sub(difference, a));
    const negative = this.#set(() => this.#code.get(b).simd(SIMD.f64x2Neg));
    return this.#let(add(sub(a, sub(difference, part)), sub(negative, part)));
  }

  #sineSeries(): Local {
    const [r, rLow] = [this.#r, this.#rLow];
    const z = this.#let(mul(r, r));
    const w = this.#let(mul(z, z));
    const odd = polynomial(w, [-1 / 6, -1 / 5040, -1 / 39916800, -1 / 1307674368000]);
    const even = polynomial(w, [1 / 120, 1 / 362880, 1 / 6227020800, 1 / 355687428096000]);
    const correction = mul(rLow, sub(constant(1), mul(constant(0.5), z)));
    return this.#let(add(r, add(mul(mul(r, z), add(odd, mul(z, even))), correction)));
  }

  #cosineSeries(): Local {
    const [r, rLow] = [this.#r, this.#rLow];
    const z = this.#let(mul(r, r));
    const w = this.#let(mul(z, z));
    const odd = polynomial(w, [-1 / 720, -1 / 3628800, -1 / 87178291200, -1 / 6402373705728000]);
    const even = polynomial(w, [1 / 24, 1 / 40320, 1 / 479001600, 1 / 20922789888000]);
    const scaled = this.#let(mul(constant(SPLITTER), r));
    const upper = this.#let(sub(scaled, sub(scaled, r)));
    const half = this.#let(mul(mul(constant(0.5), upper), upper));
    const difference = this.#let(sub(constant(1), half));
    const lost = sub(
      sub(sub(constant(1), difference), half),
      mul(mul(constant(0.5), sub(r, upper)), add(r, upper)),
    );
    const rest = add(lost, sub(mul(w, add(even, mul(z, odd))), mul(r, rLow)));
    return this.#let(add(difference, rest));
  }

  #let(term: Term): Local {
    return this.#set(() => {
      this.#put(term);
    });
  }

  #set(write: () => unknown): Local {
    write();
    const local = this.#code.local(v128);
    this.#code.set(local);
    return local;
  }

  #put(term: Term): void {
    if (typeof term === 'number') this.#code.get(term);
    else if ('constant' in term) this.#code.f64x2(term.constant);
    else {
      this.#put(term[1]);
      this.#put(term[2]);
      this.#code.simd(term[0]);
    }
  }
}
