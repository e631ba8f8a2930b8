import { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { emitNamed } from '../optimiser/emit.ts';
import { isUnitary, lower } from '../optimiser/lower.ts';
import { StepList } from '../optimiser/step-list.ts';
import { angleText } from './angle-text.ts';
import { type ConditionWriter, conditionsOf2, conditionsOf3 } from './condition-text.ts';
import type { RegisterLayout } from './declarations.ts';
import { DEFINITIONS, gateText } from './gate-text.ts';
import { bitLayout, checkNames, elementNames, qubitLayout } from './register-text.ts';

export interface WriteOptions {
  readonly version: 2 | 3;
  /** Names for the qubits, in order and all of them; one register q when absent. */
  readonly qubitRegisters?: readonly RegisterLayout[];
  /** The same for bits; when absent c, in version 2 split where conditions need it. */
  readonly bitRegisters?: readonly RegisterLayout[];
  /**
   * Angles as fractions of pi where they are that, when absent, or as decimals alone for readers
   * without expressions, such as that of Qulacs.
   */
  readonly angles?: 'fractions' | 'decimals';
}

/**
 * Writes a circuit as an OpenQASM program that `readOpenQasm` reads as the same circuit: the same
 * operations for named gates, and equal ones up to a global phase for matrices, tables and gates
 * under so many controls that version 2 has no name for them, which are broken down.
 *
 * What `readOpenQasm` gives can be passed as `options` to keep version and register names.
 *
 * @throws {SimulatorError} `NOT_EXPRESSIBLE`: in version 2 for parameters and for conditions on
 *   more than one register; in both for matrices on more than two qubits and for names that are
 *   not OpenQASM's
 */
export function writeOpenQasm(circuit: Circuit, options: WriteOptions): string {
  return new Writer(circuit, options).program();
}

class Writer {
  readonly #circuit: Circuit;
  readonly #version: 2 | 3;
  readonly #angles: 'fractions' | 'decimals';
  readonly #qubitRegisters: readonly RegisterLayout[];
  readonly #bitRegisters: readonly RegisterLayout[];
  readonly #qubits: readonly string[];
  readonly #bits: readonly string[];
  readonly #conditions: ConditionWriter;
  /** Definitions that the program needs, by name. */
  readonly #defined = new Map<string, string>();

  constructor(circuit: Circuit, options: WriteOptions) {
    const { version, qubitRegisters, bitRegisters, angles = 'fractions' } = options;
    this.#angles = angles;
    this.#circuit = circuit;
    this.#version = version;
    this.#qubitRegisters = qubitLayout(circuit, version, qubitRegisters);
    this.#bitRegisters = bitLayout(circuit, version, bitRegisters);
    this.#qubits = elementNames(this.#qubitRegisters);
    this.#bits = elementNames(this.#bitRegisters);
    const conditions = version === 2 ? conditionsOf2 : conditionsOf3;
    this.#conditions = conditions(this.#bitRegisters, this.#bits);
    checkNames(circuit, version, [...this.#qubitRegisters, ...this.#bitRegisters]);
  }

  program(): string {
    const lines = this.#lines(this.#circuit.operations);
    const { parameters } = this.#circuit;
    const [header, library] =
      this.#version === 2 ? ['OPENQASM 2.0;', 'qelib1.inc'] : ['OPENQASM 3.0;', 'stdgates.inc'];
    const all = [
      header,
      `include "${library}";`,
      ...parameters.map(({ name }) => `input float[64] ${name};`),
      ...this.#defined.values(),
      ...this.#declarations(),
      ...lines,
    ];
    return `${all.join('\n')}\n`;
  }

  #declarations(): string[] {
    const is2 = this.#version === 2;
    const declared = (old: string, type: string) => (register: RegisterLayout) =>
      is2
        ? `${old} ${register.name}[${register.size}];`
        : `${type}[${register.size}] ${register.name};`;
    const named = this.#qubitRegisters.filter(({ name }) => name !== '$');
    return [
      ...named.map(declared('qreg', 'qubit')),
      ...this.#bitRegisters.map(declared('creg', 'bit')),
    ];
  }

  #lines(operations: readonly Operation[]): string[] {
    const lines: string[] = [];
    for (const operation of operations) {
      for (const line of this.#linesOf(operation)) lines.push(line);
    }
    return lines;
  }

  #linesOf(operation: Operation): readonly string[] {
    switch (operation.kind) {
      case 'gate': {
        const text = gateText(operation, this.#version);
        if (text === undefined) return this.#loweredLines(operation);
        const definition = DEFINITIONS[this.#version].get(text.name);
        if (definition !== undefined) {
          for (const [name, body] of definition) this.#defined.set(name, body);
        }
        const angles = text.angles.map((angle) => angleText(angle, this.#angles)).join(', ');
        const head = angles === '' ? text.head : `${text.head}(${angles})`;
        return [`${head} ${this.#list([...operation.controls, ...operation.targets])};`];
      }
      case 'unitary':
      case 'diagonal':
      case 'multiplexed':
        return this.#loweredLines(operation);
      case 'measure': {
        const [qubit, bit] = [this.#qubits[operation.qubit], this.#bits[operation.bit]];
        return [this.#version === 2 ? `measure ${qubit} -> ${bit};` : `${bit} = measure ${qubit};`];
      }
      case 'reset':
        return [`reset ${this.#qubits[operation.qubit]};`];
      case 'barrier':
        return operation.qubits.length === 0 ? [] : [`barrier ${this.#list(operation.qubits)};`];
      case 'conditional':
        return this.#conditions(operation, (inner) => this.#lines(inner));
    }
  }

  #loweredLines(operation: Operation): string[] {
    if (!isUnitary(operation)) {
      throw new SimulatorError('NOT_EXPRESSIBLE', `a ${operation.kind} has no gates`);
    }
    const steps = new StepList(this.#circuit.qubits);
    lower(operation, steps);
    const circuit = new Circuit(this.#circuit.qubits);
    for (const { name } of this.#circuit.parameters) circuit.parameter(name);
    emitNamed(steps.steps, circuit);
    return this.#lines(circuit.operations);
  }

  #list(qubits: readonly number[]): string {
    return qubits.map((qubit) => this.#qubits[qubit]).join(', ');
  }
}
