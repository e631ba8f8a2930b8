import { buildInstructions, type Counts } from './build-instructions.ts';
import { STIM_GATES } from './gate-table.ts';
import { STIM_LIMITS } from './limits.ts';
import { excerpt, type Place, StimError } from './refusal.ts';
import { repetitions, type Statement, statements } from './statements.ts';
import type { StimCircuit, StimInstruction } from './stim-circuit.ts';

/** A block still being read, and the counts of the whole circuit where it began. */
interface Block {
  readonly place: Place;
  readonly count: number;
  readonly before: Counts;
  readonly instructions: StimInstruction[];
}

/**
 * Reads Stim's circuit format: Clifford gates, measurements, resets, Pauli noise, REPEAT blocks,
 * detectors, observables and coordinates. Linear in the text; repeated blocks are not unrolled.
 *
 * Refused as `STIM_UNSUPPORTED`: SPP, heralded noise, sweep bits, I_ERROR, Pauli targets of
 * observables.
 *
 * @param file - the name that errors give.
 * @throws {StimError} `STIM_SYNTAX`, `STIM_MEANING`, `STIM_UNSUPPORTED`, `STIM_LIMIT` (see
 *   STIM_LIMITS)
 * @see https://github.com/quantumlib/Stim, doc/file_format_stim_circuit.md
 */
export function parseStimCircuit(text: string, file = 'circuit.stim'): StimCircuit {
  const counts: Counts = { qubits: 0, measurements: 0, detectors: 0, observables: 0, steps: 0 };
  const start = { file, line: 1, column: 1 };
  const blocks: Block[] = [{ place: start, count: 1, before: { ...counts }, instructions: [] }];
  for (const statement of statements(text, file)) {
    if (statement.name === 'REPEAT') {
      open(blocks, statement, counts);
    } else if (statement.name === '}') {
      close(blocks, statement, counts);
    } else {
      const instructions = buildInstructions(statement, gateOf(statement), counts);
      for (const instruction of instructions) {
        blocks[blocks.length - 1].instructions.push(instruction);
      }
      checkLimits(counts, statement.place);
    }
  }
  if (blocks.length > 1) {
    const { place } = blocks[blocks.length - 1];
    throw new StimError('STIM_SYNTAX', place, "'}' for this block", 'the end of the text');
  }
  const { qubits, measurements, detectors, observables } = counts;
  const [{ instructions }] = blocks;
  return { instructions, qubits, measurements, detectors, observables };
}

const UNSUPPORTED = new Set([
  ...['SPP', 'SPP_DAG', 'HERALDED_ERASE', 'HERALDED_PAULI_CHANNEL_1', 'I_ERROR', 'II_ERROR'],
]);

function gateOf(statement: Statement) {
  const { name, place, opens } = statement;
  const gate = STIM_GATES.get(name);
  if (gate === undefined) {
    const code = UNSUPPORTED.has(name) ? 'STIM_UNSUPPORTED' : 'STIM_SYNTAX';
    throw new StimError(code, place, 'the name of a known instruction', excerpt(name));
  }
  if (opens) throw new StimError('STIM_SYNTAX', place, 'REPEAT before a block', excerpt(name));
  return gate;
}

function open(blocks: Block[], statement: Statement, counts: Counts): void {
  const { place } = statement;
  if (blocks.length > STIM_LIMITS.nesting) {
    const expected = `at most ${STIM_LIMITS.nesting} blocks inside one another`;
    throw new StimError('STIM_LIMIT', place, expected, 'one more');
  }
  blocks.push({ place, count: repetitions(statement), before: { ...counts }, instructions: [] });
}

function close(blocks: Block[], { place }: Statement, counts: Counts): void {
  const block = blocks.pop();
  if (block === undefined || blocks.length === 0) {
    throw new StimError('STIM_SYNTAX', place, 'an instruction', "'}' that closes no block");
  }
  const { before, count, instructions } = block;
  for (const key of ['measurements', 'detectors', 'steps'] as const) {
    counts[key] = before[key] + count * (counts[key] - before[key]);
  }
  // An empty turn costs time too.
  counts.steps += count;
  checkLimits(counts, block.place);
  blocks[blocks.length - 1].instructions.push({ kind: 'repeat', count, body: instructions });
}

function checkLimits(counts: Counts, place: Place): void {
  for (const key of ['qubits', 'measurements', 'detectors', 'observables', 'steps'] as const) {
    if (counts[key] > STIM_LIMITS[key]) {
      throw new StimError(
        'STIM_LIMIT',
        place,
        `at most ${STIM_LIMITS[key]} ${key}`,
        `${counts[key]} so far`,
      );
    }
  }
}
