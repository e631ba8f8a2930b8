import { type Angle, type Parameter, ParameterList, scaled } from './angle.ts';
import { checkBit, checkBitCount, checkCondition } from './bits.ts';
import { SimulatorError } from './errors.ts';
import { checkAngleCount, type GateName, gateNamed } from './gates.ts';
import { inverseOf, type Operation, relabelled } from './operation.ts';
import { checkQubit, checkQubitCount, checkQubits } from './qubits.ts';
import { checkedPhases, checkedUnitary } from './unitarity.ts';

/** A circuit holds at most this many operations, those inside conditionals included. */
const MAX_OPERATIONS = 1 << 20;

/**
 * A list of operations on up to 25 qubits and some classical bits, built by chaining.
 *
 * Angles are finite radians or parameters of this circuit. Every method that adds an operation
 * checks it before anything changes and throws {SimulatorError} `QUBIT_OUT_OF_RANGE`,
 * `DUPLICATE_QUBIT`, `INVALID_ANGLE`, `UNKNOWN_PARAMETER`, `WRONG_LENGTH` or `TOO_MANY_OPERATIONS`.
 */
export class Circuit {
  readonly qubits: number;
  readonly bits: number;
  readonly #operations: Operation[] = [];
  #parameters = new ParameterList();
  #size = 0;

  /**
   * @param qubits - integer in [0, 25].
   * @param options - `bits`: how many classical bits measurements can write, 0 when absent, at most
   *   65 536.
   * @throws {SimulatorError} `INVALID_QUBIT_COUNT`, `TOO_MANY_QUBITS`, `INVALID_BIT_COUNT`
   */
  constructor(qubits: number, options: { readonly bits?: number } = {}) {
    const { bits = 0 } = options;
    checkQubitCount(qubits);
    checkBitCount(bits);
    this.qubits = qubits;
    this.bits = bits;
  }

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** In the order in which `run` takes their values. */
  get parameters(): readonly Parameter[] {
    return this.#parameters.all;
  }

  /**
   * The parameter of this name, made on first use.
   *
   * @throws {SimulatorError} `INVALID_PARAMETER_NAME` for an empty name, `TOO_MANY_PARAMETERS`
   */
  parameter(name: string): Parameter {
    return this.#parameters.named(name);
  }

  /**
   * A named gate on its qubits, controls first.
   *
   * @throws {SimulatorError} `UNKNOWN_GATE` and those of every such method
   */
  gate(name: GateName, qubits: readonly number[], angles: readonly Angle[] = []): this {
    return this.controlled(name, [], qubits, angles);
  }

  /**
   * A named gate on `targets`, its own controls first, where all further `controls` are 1.
   *
   * @throws {SimulatorError} `UNKNOWN_GATE` and those of every such method
   */
  controlled(
    name: GateName,
    controls: readonly number[],
    targets: readonly number[],
    angles: readonly Angle[] = [],
  ): this {
    const gate = gateNamed(name);
    if (targets.length !== gate.qubits) {
      throw new SimulatorError(
        'WRONG_LENGTH',
        `${name} acts on ${gate.qubits} qubits, not ${targets.length}`,
      );
    }
    checkAngleCount(gate, angles.length);
    checkQubits([...controls, ...targets], this.qubits);
    return this.#push({
      kind: 'gate',
      gate: gate.base,
      controls: [...controls, ...targets.slice(0, gate.controls)],
      targets: targets.slice(gate.controls),
      angles: this.#parameters.checked(angles),
    });
  }

  id(qubit: number): this {
    return this.gate('id', [qubit]);
  }

  x(qubit: number): this {
    return this.gate('x', [qubit]);
  }

  y(qubit: number): this {
    return this.gate('y', [qubit]);
  }

  z(qubit: number): this {
    return this.gate('z', [qubit]);
  }

  h(qubit: number): this {
    return this.gate('h', [qubit]);
  }

  s(qubit: number): this {
    return this.gate('s', [qubit]);
  }

  sdg(qubit: number): this {
    return this.gate('sdg', [qubit]);
  }

  t(qubit: number): this {
    return this.gate('t', [qubit]);
  }

  tdg(qubit: number): this {
    return this.gate('tdg', [qubit]);
  }

  sx(qubit: number): this {
    return this.gate('sx', [qubit]);
  }

  sxdg(qubit: number): this {
    return this.gate('sxdg', [qubit]);
  }

  rx(angle: Angle, qubit: number): this {
    return this.gate('rx', [qubit], [angle]);
  }

  ry(angle: Angle, qubit: number): this {
    return this.gate('ry', [qubit], [angle]);
  }

  rz(angle: Angle, qubit: number): this {
    return this.gate('rz', [qubit], [angle]);
  }

  p(angle: Angle, qubit: number): this {
    return this.gate('p', [qubit], [angle]);
  }

  u(theta: Angle, phi: Angle, lambda: Angle, qubit: number): this {
    return this.gate('u', [qubit], [theta, phi, lambda]);
  }

  cx(control: number, target: number): this {
    return this.gate('cx', [control, target]);
  }

  cy(control: number, target: number): this {
    return this.gate('cy', [control, target]);
  }

  cz(control: number, target: number): this {
    return this.gate('cz', [control, target]);
  }

  ch(control: number, target: number): this {
    return this.gate('ch', [control, target]);
  }

  cp(angle: Angle, control: number, target: number): this {
    return this.gate('cp', [control, target], [angle]);
  }

  crx(angle: Angle, control: number, target: number): this {
    return this.gate('crx', [control, target], [angle]);
  }

  cry(angle: Angle, control: number, target: number): this {
    return this.gate('cry', [control, target], [angle]);
  }

  crz(angle: Angle, control: number, target: number): this {
    return this.gate('crz', [control, target], [angle]);
  }

  swap(a: number, b: number): this {
    return this.gate('swap', [a, b]);
  }

  iswap(a: number, b: number): this {
    return this.gate('iswap', [a, b]);
  }

  iswapdg(a: number, b: number): this {
    return this.gate('iswapdg', [a, b]);
  }

  rxx(angle: Angle, a: number, b: number): this {
    return this.gate('rxx', [a, b], [angle]);
  }

  ryy(angle: Angle, a: number, b: number): this {
    return this.gate('ryy', [a, b], [angle]);
  }

  rzz(angle: Angle, a: number, b: number): this {
    return this.gate('rzz', [a, b], [angle]);
  }

  ccx(a: number, b: number, target: number): this {
    return this.gate('ccx', [a, b, target]);
  }

  ccz(a: number, b: number, target: number): this {
    return this.gate('ccz', [a, b, target]);
  }

  cswap(control: number, a: number, b: number): this {
    return this.gate('cswap', [control, a, b]);
  }

  /**
   * Any unitary on 1 to 8 qubits. The matrix is row-major interleaved re/im, 2·4^k numbers, copied.
   *
   * @throws {SimulatorError} `NOT_UNITARY`, `NOT_FINITE`, `TOO_MANY_QUBITS` and those of every such
   *   method
   */
  unitary(matrix: ArrayLike<number>, qubits: readonly number[]): this {
    checkQubits(qubits, this.qubits);
    const entries = checkedUnitary(matrix, qubits.length);
    return this.#push({ kind: 'unitary', matrix: entries, qubits: [...qubits] });
  }

  /**
   * The diagonal unitary whose entry m, re/im interleaved, applies where the qubits read m.
   *
   * @throws {SimulatorError} `NOT_UNITARY`, `NOT_FINITE` and those of every such method
   */
  diagonal(entries: ArrayLike<number>, qubits: readonly number[]): this {
    checkQubits(qubits, this.qubits);
    const phases = checkedPhases(entries, qubits.length);
    return this.#push({ kind: 'diagonal', entries: phases, qubits: [...qubits] });
  }

  /** RX by angles[m] on the target where the controls read m: 2^controls.length angles. */
  multiplexedRx(angles: readonly Angle[], controls: readonly number[], target: number): this {
    return this.#multiplexed('x', angles, controls, target);
  }

  /** RY by angles[m] on the target where the controls read m: 2^controls.length angles. */
  multiplexedRy(angles: readonly Angle[], controls: readonly number[], target: number): this {
    return this.#multiplexed('y', angles, controls, target);
  }

  /** RZ by angles[m] on the target where the controls read m: 2^controls.length angles. */
  multiplexedRz(angles: readonly Angle[], controls: readonly number[], target: number): this {
    return this.#multiplexed('z', angles, controls, target);
  }

  /**
   * Measures a qubit in the computational basis and writes the outcome to a bit.
   *
   * @throws {SimulatorError} `BIT_OUT_OF_RANGE` and those of every such method
   */
  measure(qubit: number, bit: number): this {
    checkQubit(qubit, this.qubits);
    checkBit(bit, this.bits);
    return this.#push({ kind: 'measure', qubit, bit });
  }

  /** Measures a qubit, forgets the outcome and leaves it |0⟩. */
  reset(qubit: number): this {
    checkQubit(qubit, this.qubits);
    return this.#push({ kind: 'reset', qubit });
  }

  /**
   * Keeps an optimiser from moving gates on these qubits past here; on all qubits when none is
   * listed.
   */
  barrier(...qubits: readonly number[]): this {
    checkQubits(qubits, this.qubits);
    const all = Array.from({ length: this.qubits }, (_, qubit) => qubit);
    return this.#push({ kind: 'barrier', qubits: qubits.length === 0 ? all : qubits });
  }

  /**
   * What `build` adds runs only when the bits, the first the least significant, read `value` at
   * that point.
   *
   * @param bits - 1 to 32 distinct bits.
   * @param value - integer in [0, 2^bits.length).
   * @throws {SimulatorError} `BIT_OUT_OF_RANGE`, `DUPLICATE_BIT`, `INVALID_CONDITION` and what
   *   `build` meets
   */
  when(bits: readonly number[], value: number, build: (circuit: Circuit) => void): this {
    checkCondition(bits, value, this.bits);
    const body = new Circuit(this.qubits, { bits: this.bits });
    body.#parameters = this.#parameters;
    build(body);
    const operations = body.#operations.slice();
    return this.#push({ kind: 'conditional', bits: [...bits], value, operations }, body.#size + 1);
  }

  /**
   * Adds the operations of another circuit, its qubit q on qubits[q], or on q when absent. Bits
   * keep their numbers; parameters of equal name become one.
   *
   * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `BIT_OUT_OF_RANGE` and those of every such
   *   method
   */
  append(other: Circuit, qubits?: readonly number[]): this {
    const places = qubits ?? Array.from({ length: other.qubits }, (_, qubit) => qubit);
    if (places.length !== other.qubits) {
      throw new SimulatorError(
        'QUBIT_COUNT_MISMATCH',
        `${places.length} places do not fit a circuit of ${other.qubits} qubits`,
      );
    }
    checkQubits(places, this.qubits);
    if (other.bits > 0) checkBit(other.bits - 1, this.bits);
    this.#checkRoom(other.#size);
    const rename = (angle: Angle) =>
      typeof angle === 'number' ? angle : scaled(this.parameter(angle.name), angle.factor);
    for (const parameter of other.parameters.slice()) this.parameter(parameter.name);
    const moved = other.#operations.map((operation) => relabelled(operation, places, rename));
    for (const operation of moved) this.#operations.push(operation);
    this.#size += other.#size;
    return this;
  }

  /**
   * The circuit that undoes this one, with the same parameters.
   *
   * @throws {SimulatorError} `NOT_INVERTIBLE` when it measures, resets or has conditionals
   */
  inverse(): Circuit {
    const circuit = new Circuit(this.qubits, { bits: this.bits });
    for (const parameter of this.parameters) circuit.parameter(parameter.name);
    for (let i = this.#operations.length - 1; i >= 0; i--) {
      circuit.#operations.push(inverseOf(this.#operations[i]));
    }
    circuit.#size = this.#size;
    return circuit;
  }

  #multiplexed(
    axis: 'x' | 'y' | 'z',
    angles: readonly Angle[],
    controls: readonly number[],
    target: number,
  ): this {
    checkQubits([...controls, target], this.qubits);
    if (angles.length !== 1 << controls.length) {
      throw new SimulatorError(
        'WRONG_LENGTH',
        `${controls.length} controls select from 2^${controls.length} angles, not ${angles.length}`,
      );
    }
    const checked = this.#parameters.checked(angles);
    return this.#push({
      kind: 'multiplexed',
      axis,
      angles: checked,
      controls: [...controls],
      target,
    });
  }

  #checkRoom(count: number): void {
    if (this.#size + count > MAX_OPERATIONS) {
      throw new SimulatorError(
        'TOO_MANY_OPERATIONS',
        `${this.#size + count} operations are beyond ${MAX_OPERATIONS}`,
      );
    }
  }

  #push(operation: Operation, count = 1): this {
    this.#checkRoom(count);
    this.#operations.push(operation);
    this.#size += count;
    return this;
  }
}
