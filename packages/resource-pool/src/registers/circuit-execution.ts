import { Circuit, run } from '@sema/simulator';
import type { Operation, RandomSource } from '@sema/simulator';
import type { ProductState } from './product-state.ts';
import { addOperation, qubitsOf } from './rebuild-operation.ts';
import type { UnitaryOperation } from './rebuild-operation.ts';
import type { Register } from './register.ts';

type Gate = Extract<UnitaryOperation, { readonly kind: 'gate' }>;

/** One run of a circuit over registers: gates on one register are collected and run together. */
export class CircuitExecution {
  readonly bits: Uint8Array;
  readonly #system: ProductState;
  /** The system's qubit for each of the circuit's. */
  readonly #qubits: number[];
  readonly #parameters: ArrayLike<number>;
  /** Undefined only when the circuit needs none. */
  readonly #random: RandomSource | undefined;
  #pending: { readonly register: Register; readonly circuit: Circuit } | undefined;

  constructor(
    system: ProductState,
    circuit: Circuit,
    qubits: readonly number[],
    parameters: ArrayLike<number>,
    random: RandomSource | undefined,
  ) {
    this.bits = new Uint8Array(circuit.bits);
    this.#system = system;
    this.#qubits = [...qubits];
    this.#parameters = parameters;
    this.#random = random;
  }

  /** Runs the operations in order. When one has no room, those before it have been applied. */
  run(operations: readonly Operation[]): void {
    try {
      this.#runAll(operations);
    } finally {
      this.#flush();
    }
    this.#system.settleAll(this.#qubits);
  }

  #runAll(operations: readonly Operation[]): void {
    for (const operation of operations) {
      switch (operation.kind) {
        case 'barrier':
          break;
        case 'measure':
          this.bits[operation.bit] = this.#measure(operation.qubit);
          break;
        case 'reset':
          this.#measure(operation.qubit);
          this.#system.of(this.#qubits[operation.qubit]).state.reset();
          break;
        case 'conditional':
          if (this.#read(operation.bits) === operation.value) this.#runAll(operation.operations);
          break;
        case 'gate':
          this.#gate(operation);
          break;
        default:
          this.#apply(operation);
      }
    }
  }

  #measure(qubit: number): 0 | 1 {
    this.#flush();
    if (this.#random === undefined) throw new TypeError('a circuit that measures has no chance');
    return this.#system.collapse(this.#qubits[qubit], this.#random);
  }

  #read(bits: readonly number[]): number {
    let value = 0;
    for (let k = bits.length - 1; k >= 0; k--) value = 2 * value + this.bits[bits[k]];
    return value;
  }

  /** A gate, unless a renaming does it or a control that is |0⟩ keeps it from happening. */
  #gate(operation: Gate): void {
    const { gate, controls, targets } = operation;
    if (gate === 'id') return;
    const met = new Set<number>();
    for (const control of controls) {
      const value = this.#settledValue(control);
      if (value === 0) return;
      if (value === 1) met.add(control);
    }
    if (gate === 'swap' && met.size === controls.length) {
      this.#exchange(targets[0], targets[1]);
    } else {
      this.#apply(operation, met);
    }
  }

  /** 0 or 1 when the qubit is exactly that, alone in its register. */
  #settledValue(qubit: number): 0 | 1 | undefined {
    if (this.#system.of(this.#qubits[qubit]).qubits.length > 1) return undefined;
    this.#flush();
    const { real, imaginary } = this.#system.of(this.#qubits[qubit]).state;
    if (real[1] === 0 && imaginary[1] === 0) return 0;
    // A |1⟩ with a phase is left to the simulator, which keeps the phase where it is either way.
    return real[0] === 0 && imaginary[0] === 0 ? 1 : undefined;
  }

  #exchange(a: number, b: number): void {
    this.#flush();
    this.#system.exchange(this.#qubits[a], this.#qubits[b]);
  }

  #apply(operation: UnitaryOperation, met: ReadonlySet<number> = new Set()): void {
    const used = qubitsOf(operation).filter((qubit) => !met.has(qubit));
    const qubits = used.map((qubit) => this.#qubits[qubit]);
    let register = this.#system.of(qubits[0]);
    if (qubits.some((qubit) => this.#system.of(qubit) !== register)) {
      this.#flush();
      register = this.#system.merged(qubits);
    }
    if (this.#pending?.register !== register) {
      this.#flush();
      this.#pending = { register, circuit: new Circuit(register.qubits.length) };
    }
    if (qubits.length > 1) register.mayFactor = true;
    const places = (qubit: number) => register.qubits.indexOf(this.#qubits[qubit]);
    const isMet = (control: number) => met.has(control);
    addOperation(this.#pending.circuit, operation, places, this.#parameters, isMet);
  }

  #flush(): void {
    if (this.#pending === undefined) return;
    const { circuit, register } = this.#pending;
    this.#pending = undefined;
    run(circuit, register.state);
  }
}
