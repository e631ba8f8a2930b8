import { draw, type RandomSource } from '../random.ts';
import { FrameBatch } from './frame-batch.ts';
import { CODE_X, CODE_Z, codeOf } from './noise-codes.ts';
import { RareEvents } from './rare-events.ts';
import { ShotTable } from './shot-table.ts';
import { simulateStim } from './simulate.ts';
import { type StimCircuit, type StimInstruction, unrolled } from './stim-circuit.ts';

/** What each shot's detectors and observables read, relative to a run without noise. */
export interface DetectorSamples {
  readonly detectors: ShotTable;
  readonly observables: ShotTable;
}

/** Words of shots worked on together, when memory allows: 2048 shots. */
const BATCH_WORDS = 64;
/** The rows of a batch take at most this many words, 256 MiB. */
const MAX_BATCH_WORDS = 1 << 26;

/**
 * Draws many shots of a noisy Clifford circuit by following Pauli errors through it, 32 shots a
 * word. Time grows with the circuit's targets times shots / 32 and with the number of errors;
 * memory is at most 256 MiB besides the result. The same seed and number of shots give the same
 * samples.
 */
export class StimSampler {
  readonly circuit: StimCircuit;

  constructor(circuit: StimCircuit) {
    this.circuit = circuit;
  }

  /**
   * Shots of the detectors and observables. As errors against a run without noise are followed, a
   * detector reads 1 when noise flipped it, and a fair coin when it is not deterministic.
   *
   * @param shots - integer, at least 0; each table is at most 2 GiB.
   * @throws {SimulatorError} `INVALID_SHOTS`, `RANDOM_OUT_OF_RANGE`
   */
  sampleDetectors(shots: number, random: RandomSource): DetectorSamples {
    const detectors = new ShotTable(shots, this.circuit.detectors);
    const observables = new ShotTable(shots, this.circuit.observables);
    this.#run(shots, random, (batch, first) => {
      transpose(batch.detectors, batch.width, detectors, first);
      transpose(batch.observables, batch.width, observables, first);
    });
    return { detectors, observables };
  }

  /**
   * Shots of the measurement record.
   *
   * @param shots - integer, at least 0; the table is at most 2 GiB.
   * @throws {SimulatorError} `INVALID_SHOTS`, `RANDOM_OUT_OF_RANGE`, `TOO_MANY_QUBITS` beyond
   *   16 384 qubits, for the run without noise
   */
  sampleMeasurements(shots: number, random: RandomSource): ShotTable {
    const table = new ShotTable(shots, this.circuit.measurements);
    // Open outcomes of the reference are 0; the random frames make them fair.
    const zeros = { next: () => 0.75 };
    const reference = simulateStim(this.circuit, { noise: false, random: zeros }).measurements;
    this.#run(shots, random, (batch, first) => {
      const { records, width } = batch;
      for (let bit = 0; bit < reference.length; bit++) {
        if (reference[bit] === 0) continue;
        for (let k = bit * width; k < (bit + 1) * width; k++) records[k] = ~records[k];
      }
      transpose(records, width, table, first);
    });
    return table;
  }

  #run(
    shots: number,
    random: RandomSource,
    collect: (batch: FrameBatch, firstShot: number) => void,
  ): void {
    const { circuit } = this;
    const { qubits, measurements, detectors, observables } = circuit;
    const rows = 2 * qubits + measurements + detectors + observables + 1;
    const affordable = Math.max(1, Math.floor(MAX_BATCH_WORDS / rows));
    const width = Math.min(BATCH_WORDS, affordable, Math.ceil(shots / 32));
    const checked = { next: () => draw(random) };
    const run = {
      batch: new FrameBatch(circuit, width, checked),
      chain: new Uint32Array(width),
      random: checked,
      events: new RareEvents(checked),
    };
    for (let first = 0; first < shots; first += 32 * width) {
      run.batch.restart();
      for (const each of unrolled(circuit.instructions)) step(each, run);
      collect(run.batch, first);
    }
  }
}

interface Run {
  readonly batch: FrameBatch;
  /** The shots in which an error of the latest chain has happened. */
  readonly chain: Uint32Array;
  readonly random: RandomSource;
  readonly events: RareEvents;
}

function step(instruction: StimInstruction, run: Run): void {
  const { batch } = run;
  switch (instruction.kind) {
    case 'gate':
      batch.gate(instruction.map, instruction.qubits);
      break;
    case 'feedback':
      batch.feedback(instruction.pauli, instruction.lookback, instruction.qubit);
      break;
    case 'measure': {
      const { basis: pauli, qubits, resets, flipProbability } = instruction;
      const first = batch.measured;
      for (const qubit of qubits) {
        const factors = [{ qubit, pauli }];
        batch.record(factors);
        if (resets) batch.reset(pauli, qubit);
        else batch.blur(factors);
      }
      flipRecords(run, first, flipProbability);
      break;
    }
    case 'measureProducts': {
      const first = batch.measured;
      for (const { factors } of instruction.products) {
        batch.record(factors);
        batch.blur(factors);
      }
      flipRecords(run, first, instruction.flipProbability);
      break;
    }
    case 'reset':
      for (const qubit of instruction.qubits) batch.reset(instruction.basis, qubit);
      break;
    case 'noise':
      applyNoise(instruction, run);
      break;
    case 'correlatedError':
      applyChain(instruction, run);
      break;
    case 'detector':
      batch.detector(instruction.lookbacks);
      break;
    case 'observable':
      batch.observable(instruction.index, instruction.lookbacks);
      break;
    default:
      break;
  }
}

type Of<Kind extends StimInstruction['kind']> = Extract<StimInstruction, { readonly kind: Kind }>;

/** Flips each bit recorded since `first` with this probability. */
function flipRecords({ batch, events }: Run, first: number, probability: number): void {
  const { records, width, measured } = batch;
  events.visit((measured - first) * width * 32, probability, (place) => {
    records[first * width + Math.floor(place / 32)] ^= 1 << (place % 32);
  });
}

function applyNoise(instruction: Of<'noise'>, { batch, random, events }: Run): void {
  const { arity, probabilities, qubits } = instruction;
  const { x, z, width } = batch;
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  const even = probabilities.every((p) => p === probabilities[0]);
  const only = probabilities.indexOf(total);
  const shots = 32 * width;
  events.visit((qubits.length / arity) * shots, Math.min(1, total), (place) => {
    const group = Math.floor(place / shots);
    const shot = place - group * shots;
    const bit = 1 << (shot & 31);
    let index = only;
    if (even) index = Math.floor(random.next() * probabilities.length);
    else if (only === -1) index = chosen(probabilities, total * random.next());
    for (let j = 0; j < arity; j++) {
      const own = codeOf(index + 1, arity, j);
      const at = qubits[group * arity + j] * width + (shot >>> 5);
      if (CODE_X[own] === 1) x[at] ^= bit;
      if (CODE_Z[own] === 1) z[at] ^= bit;
    }
  });
}

/** The place where the running sum passes `left`. */
function chosen(probabilities: readonly number[], left: number): number {
  let rest = left;
  let last = 0;
  for (let index = 0; index < probabilities.length; index++) {
    if (probabilities[index] > 0) last = index;
    rest -= probabilities[index];
    if (rest < 0) return index;
  }
  // Rounding can leave a trace of the sum: it belongs to the last that can happen.
  return last;
}

function applyChain(instruction: Of<'correlatedError'>, { batch, chain, events }: Run): void {
  const { probability, chained, factors } = instruction;
  if (!chained) chain.fill(0);
  const happening = new Uint32Array(batch.width);
  events.visit(32 * batch.width, probability, (shot) => {
    happening[shot >>> 5] |= 1 << (shot & 31);
  });
  for (let k = 0; k < batch.width; k++) {
    happening[k] &= ~chain[k];
    chain[k] |= happening[k];
  }
  for (const { qubit, pauli } of factors) batch.multiply(pauli, qubit, happening);
}

/** Writes rows of bits, 32 shots a word, into the table from a shot on, as far as it goes. */
function transpose(rows: Uint32Array, width: number, table: ShotTable, first: number): void {
  const { bytes, bytesPerShot, bits, shots } = table;
  const words = Math.min(width, Math.ceil((shots - first) / 32));
  for (let bit = 0; bit < bits; bit++) {
    const byte = bit >>> 3;
    const mask = 1 << (bit & 7);
    for (let k = 0; k < words; k++) {
      for (let word = rows[bit * width + k]; word !== 0; word &= word - 1) {
        const shot = first + 32 * k + 31 - Math.clz32(word & -word);
        if (shot < shots) bytes[shot * bytesPerShot + byte] |= mask;
      }
    }
  }
}
