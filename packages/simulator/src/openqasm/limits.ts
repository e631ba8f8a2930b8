import { MAX_QUBITS } from '../qubits.ts';

/**
 * What the reader accepts at most; a program beyond any of these is refused with
 * `OPENQASM_LIMIT` before it costs more.
 */
export const OPENQASM_LIMITS = Object.freeze({
  /** UTF-16 units in a program and in each file it includes. */
  characters: 1 << 24,
  /** UTF-16 units in one line. */
  lineLength: 1 << 20,
  /** Tokens in a program, its includes counted. */
  tokens: 1 << 22,
  /** Brackets, blocks and modifiers inside one another. */
  nesting: 128,
  /** Operators and calls in one expression. */
  expressionSize: 512,
  /** Parameters of a gate definition, and its qubits. */
  gateArguments: 256,
  /** Files included, and files inside one another. */
  includes: 64,
  qubits: MAX_QUBITS,
  /** Classical bits in all. */
  bits: 1 << 16,
  /** Gate calls, loop turns and terms evaluated: the work a short program can ask for. */
  steps: 1 << 22,
});
