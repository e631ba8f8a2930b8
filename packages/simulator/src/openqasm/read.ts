import { Circuit } from '../circuit.ts';
import { Budget } from './budget.ts';
import { CircuitBuilder } from './circuit-builder.ts';
import { Declarations, type RegisterLayout } from './declarations.ts';
import { meaning } from './evaluate.ts';
import { LIBRARIES } from './gate-library.ts';
import { OPENQASM_LIMITS } from './limits.ts';
import { parse } from './parse.ts';
import { excerpt, OpenQasmError, type Place, type Source } from './refusal.ts';
import type { Include, Statement } from './syntax.ts';
import { tokenize } from './tokens.ts';

export interface ReadOptions {
  /** What messages call the program; 'program' when absent. */
  readonly file?: string;
  /**
   * The text of an included file; undefined when there is none. qelib1.inc and stdgates.inc are
   * known and not asked for.
   */
  readonly include?: (file: string) => string | undefined;
  /** Values for the inputs of a version 3 program; those not given become circuit parameters. */
  readonly inputs?: Readonly<Record<string, number>>;
}

export interface OpenQasmProgram {
  readonly version: 2 | 3;
  readonly circuit: Circuit;
  /** The registers in the order of declaration: the first holds qubit 0. */
  readonly qubitRegisters: readonly RegisterLayout[];
  readonly bitRegisters: readonly RegisterLayout[];
}

/**
 * Reads a program in OpenQASM 2.0, or in the part of OpenQASM 3 whose meaning is a circuit: gates
 * with modifiers, inputs, loops over known ranges, conditions on measured bits. The version is that
 * of the header; a program without one is read as version 3.
 *
 * Qubits and bits are numbered in the order of declaration. A global phase that no control can
 * observe is dropped. Time and memory are bounded by `OPENQASM_LIMITS`.
 *
 * @throws {OpenQasmError} `OPENQASM_SYNTAX`, `OPENQASM_MEANING`, `OPENQASM_LIMIT`,
 *   `OPENQASM_UNSUPPORTED`, each with file, line, column and what was expected
 * @see Cross et al. (2017), arXiv:1707.03429; Cross et al. (2022), arXiv:2104.14722
 */
export function readOpenQasm(text: string, options: ReadOptions = {}): OpenQasmProgram {
  const { file = 'program', include, inputs = {} } = options;
  const loader = new Loader(include);
  const { version, statements } = loader.load({ name: file, text });
  const budget = new Budget();
  const declarations = new Declarations({ version, budget, inputs });
  for (const [position, statement] of statements.entries()) {
    declarations.declare(statement, position);
  }
  declarations.declarePhysical(loader.physicalQubits);
  const { qubits, bits } = declarations;
  const circuit = new Circuit(qubits, { bits });
  const builder = new CircuitBuilder(circuit, declarations);
  for (const [position, statement] of statements.entries()) builder.build(statement, position);
  const { qubitRegisters, bitRegisters } = declarations;
  return { version, circuit, qubitRegisters, bitRegisters };
}

/** Reads a program and what it includes into one list of statements. */
class Loader {
  /** One more than the largest n of a physical qubit $n. */
  physicalQubits = 0;
  readonly #include: ReadOptions['include'];
  #tokensLeft: number = OPENQASM_LIMITS.tokens;
  #includes = 0;

  constructor(include: ReadOptions['include']) {
    this.#include = include;
  }

  load(source: Source, version?: 2 | 3): { version: 2 | 3; statements: Statement[] } {
    const tokens = tokenize(source, this.#tokensLeft);
    this.#tokensLeft -= tokens.length;
    for (const token of tokens) {
      if (token.kind === 'physical') this.#notePhysical(Number(token.text.slice(1)), token);
    }
    const syntax = parse(tokens, source, version);
    const statements: Statement[] = [];
    for (const statement of syntax.statements) {
      if (statement.kind !== 'include' || LIBRARIES.has(statement.file)) {
        statements.push(statement);
        continue;
      }
      const included = this.load(this.#find(statement), syntax.version).statements;
      for (const inner of included) statements.push(inner);
    }
    return { version: syntax.version, statements };
  }

  #find({ file, at }: Include): Source {
    this.#includes++;
    if (this.#includes > OPENQASM_LIMITS.includes) {
      throw new OpenQasmError('OPENQASM_LIMIT', at, {
        expected: `at most ${OPENQASM_LIMITS.includes} included files`,
        found: 'more',
      });
    }
    const text = this.#include?.(file);
    if (text === undefined) throw meaning(at, 'a file that can be included', excerpt(file));
    return { name: file, text };
  }

  #notePhysical(qubit: number, at: Place): void {
    if (qubit >= OPENQASM_LIMITS.qubits) {
      throw new OpenQasmError('OPENQASM_LIMIT', at, {
        expected: `a physical qubit below $${OPENQASM_LIMITS.qubits}`,
        found: `$${qubit}`,
      });
    }
    this.physicalQubits = Math.max(this.physicalQubits, qubit + 1);
  }
}
