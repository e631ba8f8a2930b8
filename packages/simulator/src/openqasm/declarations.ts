import type { Angle, Parameter } from '../angle.ts';
import type { Budget } from './budget.ts';
import { defineGate } from './definition.ts';
import { type Evaluation, evaluateInteger, evaluateNumber, meaning } from './evaluate.ts';
import { BUILT_IN, LIBRARIES } from './gate-library.ts';
import { OPENQASM_LIMITS } from './limits.ts';
import { selected } from './operands.ts';
import { excerpt, OpenQasmError, type Place } from './refusal.ts';
import { type GateMeaning, type Meaning, Names } from './scope.ts';
import type { GateDefinition, Statement, StatementOf } from './syntax.ts';

/** A register and where its qubits or bits stand in the circuit. */
export interface RegisterLayout {
  readonly name: string;
  /** The first of them. */
  readonly offset: number;
  readonly size: number;
}

interface Setting {
  readonly version: 2 | 3;
  readonly budget: Budget;
  readonly inputs: Readonly<Record<string, number>>;
}

/** Everything a program declares at its top level. */
export class Declarations {
  readonly version: 2 | 3;
  readonly qubitRegisters: RegisterLayout[] = [];
  readonly bitRegisters: RegisterLayout[] = [];
  readonly gates = new Names<GateMeaning>();
  readonly names = new Names<Meaning>();
  readonly evaluation: Evaluation;
  qubits = 0;
  bits = 0;
  /** The inputs that have no value yet, in order. */
  readonly freeInputs: string[] = [];
  readonly #inputs: Readonly<Record<string, number>>;

  constructor({ version, budget, inputs }: Setting) {
    this.version = version;
    this.#inputs = inputs;
    this.evaluation = { version, budget, valueOf: (name) => this.#valueOf(name) };
    const nowhere: Place = { source: { name: 'language', text: '' }, offset: 0 };
    for (const [name, gate] of BUILT_IN[version]) {
      this.gates.declare(name, { kind: 'library', gate }, nowhere);
    }
  }

  /** Takes up one statement of the top level; those that declare nothing are left for later. */
  declare(statement: Statement, position: number): void {
    this.gates.position = position;
    this.names.position = position;
    switch (statement.kind) {
      case 'include':
        this.#declareLibrary(statement);
        break;
      case 'gate':
        this.#declareGate(statement);
        break;
      case 'register': {
        const size = statement.size && evaluateInteger(statement.size, this.evaluation);
        this.#declareRegister(statement, size);
        break;
      }
      case 'constant': {
        const value = evaluateNumber(statement.value, this.evaluation);
        this.names.declare(statement.name, { kind: 'value', value }, statement.at);
        break;
      }
      case 'input':
        this.#declareInput(statement);
        break;
      case 'alias':
        this.#declareAlias(statement);
        break;
      default:
        break;
    }
  }

  /** The qubits $0, $1, … stand behind all declared ones. */
  declarePhysical(count: number): void {
    if (count === 0) return;
    const offset = this.qubits;
    const at: Place = { source: { name: 'program', text: '' }, offset: 0 };
    this.#checkRoom('qubits', count, at);
    this.names.position = 0;
    for (let k = 0; k < count; k++) {
      this.names.declare(`$${k}`, { kind: 'qubits', list: [offset + k], single: true }, at);
    }
    this.qubits += count;
    this.qubitRegisters.push({ name: '$', offset, size: count });
  }

  #valueOf(name: string): Angle | undefined {
    const found = this.names.get(name);
    return found?.kind === 'value' ? found.value : undefined;
  }

  #declareLibrary({ file, at }: StatementOf<'include'>): void {
    for (const [name, gate] of LIBRARIES.get(file) ?? []) {
      const taken = this.gates.get(name);
      if (taken?.kind === 'library' && taken.gate === gate) continue;
      this.gates.declare(name, { kind: 'library', gate }, at, taken?.kind === 'library');
    }
  }

  #declareGate(definition: GateDefinition): void {
    const { name, at } = definition;
    const gate = defineGate(definition, (callee) => this.gates.get(callee), this.evaluation);
    const taken = this.gates.get(name);
    const mayReplace = taken?.kind === 'library' && taken.gate.replaceable === true;
    this.gates.declare(name, gate, at, mayReplace);
  }

  #declareRegister({ of, name, at }: StatementOf<'register'>, size: number | undefined): void {
    const length = size ?? 1;
    if (length < 1) throw meaning(at, 'a register of at least one', String(length));
    this.#checkRoom(of, length, at);
    const offset = of === 'qubits' ? this.qubits : this.bits;
    const list = Array.from({ length }, (_, k) => offset + k);
    this.names.declare(name, { kind: of, list, single: size === undefined }, at);
    const layout = { name, offset, size: length };
    if (of === 'qubits') {
      this.qubits += length;
      this.qubitRegisters.push(layout);
    } else {
      this.bits += length;
      this.bitRegisters.push(layout);
    }
  }

  #checkRoom(of: 'qubits' | 'bits', size: number, at: Place): void {
    const most = of === 'qubits' ? OPENQASM_LIMITS.qubits : OPENQASM_LIMITS.bits;
    const total = (of === 'qubits' ? this.qubits : this.bits) + size;
    if (total <= most) return;
    const found = `${total}`;
    throw new OpenQasmError('OPENQASM_LIMIT', at, { expected: `at most ${most} ${of}`, found });
  }

  #declareInput({ name, at }: StatementOf<'input'>): void {
    if (Object.hasOwn(this.#inputs, name)) {
      const value = this.#inputs[name];
      if (!Number.isFinite(value)) throw meaning(at, `a finite value of input ${name}`, `${value}`);
      this.names.declare(name, { kind: 'value', value }, at);
      return;
    }
    // The circuit makes the same parameter: it numbers them in the order of this list.
    const value: Parameter = { name, index: this.freeInputs.length, factor: 1 };
    this.names.declare(name, { kind: 'value', value }, at);
    this.freeInputs.push(name);
  }

  #declareAlias({ name, operands, at }: StatementOf<'alias'>): void {
    const list: number[] = [];
    for (const operand of operands) {
      const found = this.names.get(operand.name);
      if (found?.kind !== 'qubits') {
        throw meaning(operand.at, 'a register of qubits', excerpt(operand.name));
      }
      for (const qubit of selected(found, operand, this.evaluation)) list.push(qubit);
      if (list.length > OPENQASM_LIMITS.qubits) {
        throw meaning(at, 'every qubit at most once', 'more');
      }
    }
    this.names.declare(name, { kind: 'qubits', list, single: false }, at);
  }
}
