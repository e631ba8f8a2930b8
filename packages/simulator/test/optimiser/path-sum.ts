import type { Circuit, Operation } from '@sema/simulator';

/** A product of distinct variables, sorted; none is the constant 1. */
type Monomial = readonly number[];

/** A sum modulo 2 of monomials, by name. */
type BooleanPolynomial = Map<string, Monomial>;

/** Clifford phases of base gates in eighths of a turn. */
const EIGHTHS: Readonly<Record<string, number>> = { z: 4, s: 2, sdg: 6, t: 1, tdg: 7 };

/**
 * Whether two circuits of H, X, Z, S, T, P(kπ/4), CX, CCX and CCZ are equal up to a global phase,
 * proved by rewriting: a circuit is the sum over paths y of e^(iπφ(x,y)/4) |f(x,y)⟩, with a
 * polynomial φ over the integers modulo 8 and Boolean polynomials f. The sum for `first` followed
 * by the inverse of `second` is reduced; if nothing but x ↦ x is left, they are equal. A false
 * answer means that the rules did not suffice or that they differ.
 *
 * @see Amy (2019), arXiv:1805.06908
 */
export function provedEqual(first: Circuit, second: Circuit): boolean {
  const sum = new PathSum(first.qubits);
  for (const operation of first.operations) sum.apply(operation);
  for (const operation of second.inverse().operations) sum.apply(operation);
  sum.reduce();
  return sum.isIdentity();
}

class PathSum {
  readonly #inputs: number;
  readonly #outputs: BooleanPolynomial[];
  /** Coefficients modulo 8. */
  readonly #phase = new Map<string, { monomial: Monomial; coefficient: number }>();
  #variables: number;

  constructor(qubits: number) {
    this.#inputs = qubits;
    this.#variables = qubits;
    this.#outputs = Array.from({ length: qubits }, (_, q) => polynomial([[q]]));
  }

  apply(operation: Operation): void {
    if (operation.kind !== 'gate') throw new TypeError(`no paths for ${operation.kind}`);
    const { gate, controls, targets, angles } = operation;
    const [target] = targets;
    if (gate === 'h' && controls.length === 0) {
      const fresh = polynomial([[this.#variables]]);
      this.#add(4, times(fresh, this.#outputs[target]));
      this.#outputs[target] = fresh;
      this.#variables++;
      return;
    }
    const product = controls.reduce((p, q) => times(p, this.#outputs[q]), polynomial([[]]));
    if (gate === 'x') {
      this.#outputs[target] = plus(this.#outputs[target], product);
      return;
    }
    const [angle = 0] = angles;
    const turns = gate === 'p' && typeof angle === 'number' ? angle / (Math.PI / 4) : EIGHTHS[gate];
    if (!(Math.abs(turns - Math.round(turns)) < 1e-9)) throw new TypeError(`no paths for ${gate}`);
    this.#add(Math.round(turns), times(product, this.#outputs[target]));
  }

  /** Removes path variables by the rules [HH] and [ω] as long as one applies. */
  reduce(): void {
    let last = -1;
    while (last !== this.#phase.size + this.#eliminated) {
      last = this.#phase.size + this.#eliminated;
      for (let y = this.#inputs; y < this.#variables; y++) {
        if (!this.#done.has(y) && !this.#isInOutputs(y)) this.#eliminate(y);
      }
    }
  }

  isIdentity(): boolean {
    const areInputs = this.#outputs.every((f, q) => f.size === 1 && f.has(String(q)));
    const isConstant = [...this.#phase.values()].every(({ monomial }) => monomial.length === 0);
    return areInputs && isConstant && this.#done.size === this.#variables - this.#inputs;
  }

  readonly #done = new Set<number>();

  get #eliminated(): number {
    return this.#done.size * 1e9;
  }

  #isInOutputs(variable: number): boolean {
    return this.#outputs.some((f) => contains(f, variable));
  }

  #eliminate(y: number): void {
    const terms = [...this.#phase.values()].filter(({ monomial }) => monomial.includes(y));
    const isHalfTurn = terms.every(({ monomial, coefficient }) =>
      monomial.length === 1 ? coefficient % 2 === 0 : coefficient === 4,
    );
    if (!isHalfTurn) return;
    const alone = terms.find(({ monomial }) => monomial.length === 1)?.coefficient ?? 0;
    const rest = terms.map(({ monomial }) => monomial.filter((v) => v !== y));
    // φ = 4·y·q + φ', or with another ±2·y
    const q = polynomial(rest.filter((monomial) => monomial.length > 0 || alone === 4));
    if (alone === 2 || alone === 6) {
      this.#drop(y, terms);
      this.#add(alone === 2 ? 6 : 2, q);
      return;
    }
    if (q.size === 0) {
      this.#drop(y, terms);
      return;
    }
    const z = [...q.values()].find(
      ([v, ...more]) => v >= this.#inputs && more.length === 0 && degree(q, v) === 1,
    );
    if (z === undefined) return;
    this.#drop(y, terms);
    this.#substitute(z[0], plus(q, polynomial([z])));
  }

  #drop(y: number, terms: readonly { monomial: Monomial }[]): void {
    for (const { monomial } of terms) this.#phase.delete(monomial.join());
    this.#done.add(y);
  }

  #substitute(z: number, value: BooleanPolynomial): void {
    const terms = [...this.#phase.values()].filter(({ monomial }) => monomial.includes(z));
    for (const { monomial, coefficient } of terms) {
      this.#phase.delete(monomial.join());
      this.#add(coefficient, times(polynomial([monomial.filter((v) => v !== z)]), value));
    }
    for (const [q, f] of this.#outputs.entries()) {
      const kept = [...f.values()].filter((monomial) => !monomial.includes(z));
      const factors = [...f.values()].filter((monomial) => monomial.includes(z));
      const others = polynomial(factors.map((monomial) => monomial.filter((v) => v !== z)));
      this.#outputs[q] = plus(polynomial(kept), times(others, value));
    }
    this.#done.add(z);
  }

  /** Adds coefficient · p as an integer: Σ m − 2 Σ m m' + 4 Σ m m' m'', modulo 8. */
  #add(coefficient: number, p: BooleanPolynomial): void {
    const list = [...p.values()];
    for (let i = 0; i < list.length; i++) {
      this.#addMonomial(coefficient, list[i]);
      if (coefficient % 4 === 0) continue;
      for (let j = 0; j < i; j++) {
        const pair = union(list[i], list[j]);
        this.#addMonomial(-2 * coefficient, pair);
        if (coefficient % 2 === 0) continue;
        for (let k = 0; k < j; k++) this.#addMonomial(4 * coefficient, union(pair, list[k]));
      }
    }
  }

  #addMonomial(amount: number, monomial: Monomial): void {
    const key = monomial.join();
    const total = ((((this.#phase.get(key)?.coefficient ?? 0) + amount) % 8) + 8) % 8;
    if (total === 0) this.#phase.delete(key);
    else this.#phase.set(key, { monomial, coefficient: total });
  }
}

function polynomial(monomials: readonly Monomial[]): BooleanPolynomial {
  const result: BooleanPolynomial = new Map();
  for (const monomial of monomials) toggle(result, monomial);
  return result;
}

function toggle(p: BooleanPolynomial, monomial: Monomial): void {
  const key = monomial.join();
  if (!p.delete(key)) p.set(key, monomial);
}

function plus(a: BooleanPolynomial, b: BooleanPolynomial): BooleanPolynomial {
  return polynomial([...a.values(), ...b.values()]);
}

function times(a: BooleanPolynomial, b: BooleanPolynomial): BooleanPolynomial {
  return polynomial([...a.values()].flatMap((m) => [...b.values()].map((n) => union(m, n))));
}

function union(a: Monomial, b: Monomial): Monomial {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function contains(p: BooleanPolynomial, variable: number): boolean {
  return degree(p, variable) > 0;
}

/** In how many monomials a variable is. */
function degree(p: BooleanPolynomial, variable: number): number {
  return [...p.values()].filter((monomial) => monomial.includes(variable)).length;
}
