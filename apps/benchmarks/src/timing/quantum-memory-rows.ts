import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { mulberry32 } from '@sema/simulator';
import { decodeShots, parseDetectorErrorModel } from '@sema/simulator/stim';
import {
  type Hardware,
  MatchingDecoder,
  type MemoryPlan,
  NEUTRAL_ATOM,
  NOISELESS,
  perCycleError,
  planMemory,
  repetitionLayout,
  sampleMemory,
  TRANSMON,
  TRAPPED_ION,
} from '@sema/timing-buffer/quantum-memory';
import { row, type Row, type SuiteOptions } from '../harness.ts';
import { shotRows } from '../suites/simulator-breadth.ts';
import { decoderRows } from './decoder-rows.ts';

const DATA =
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data');
type Sampled = NonNullable<MemoryPlan['sampled']>;
const PUBLISHED = 'surface_code_rotated_memory_x_13_0.01';

/** Kept states, errors per cycle and decoders, beside theory, PyMatching and Stim. */
export function quantumMemoryRows(options: SuiteOptions): Row[] {
  return [
    ...fidelityRows(options),
    ...theoryRows(options),
    ...publishedRows(options),
    ...decoderRows(options),
    ...shotRows(options),
  ];
}

/** The average fidelity after 50 ms with what each machine needs for 0.95. */
function fidelityRows({ quick }: SuiteOptions): Row[] {
  return [TRAPPED_ION, NEUTRAL_ATOM, TRANSMON].flatMap((hardware: Hardware) => {
    const plan = planMemory(hardware, {
      timeNs: 50e6,
      fidelity: 0.95,
      cycleNs: 1100,
      shots: quick ? 1000 : 4000,
      lengths: [4, 8, 16, 24],
      random: mulberry32(1),
    });
    if (plan === undefined) throw new Error(`nothing is enough on the ${hardware.name}`);
    const code = plan.distance === 1 ? 'bare' : `surface code d = ${String(plan.distance)}`;
    const fidelity = row({
      name: `fidelity after 50 ms, ${hardware.name}, ${code}`,
      value: plan.fidelity,
      unit: '',
      goal: 'quantum-memory/fidelity',
      peer: { name: 'unprotected qubit', value: plan.unprotected },
    });
    return plan.sampled === undefined ? [fidelity] : [fidelity, scalingRow(plan.sampled)];
  });
}

/**
 * Theory has errors fall by one factor for each step of distance: that of d = 5 is the geometric
 * mean of those of 3 and 7. The value is how far it is from that, in halves of the 95 % interval.
 */
function scalingRow({ errors: [three, five, seven] }: Sampled): Row {
  const law = Math.sqrt(three.value * seven.value);
  const half = Math.log(five.high / five.low) / 2;
  const lawHalf = Math.hypot(...[three, seven].map(({ high, low }) => Math.log(high / low) / 4));
  return row({
    name: 'error per cycle off the scaling law, surface code d = 5',
    value: Math.abs(Math.log(five.value / law)) / Math.hypot(half, lawHalf),
    unit: 'bands',
    goal: 'quantum-memory/off theory',
  });
}

/**
 * Repetition codes under bit flips of 10 % a cycle, whose theory is the binomial. The value is how
 * far the fitted error per cycle is from it, in halves of its 95 % interval.
 */
function theoryRows({ quick }: SuiteOptions): Row[] {
  const p = 0.1;
  const noise = { ...NOISELESS, idle: { ...NOISELESS.idle, between: { x: p, y: 0, z: 0 } } };
  return [3, 5, 7, 9, 11].map((distance) => {
    const layout = repetitionLayout('bit-flip', distance);
    const random = mulberry32(distance);
    const shots = quick ? 1000 : 20_000;
    const { value, low, high } = perCycleError(
      [4, 8, 16].map((cycles) =>
        sampleMemory(layout, noise, { basis: 'Z', cycles, shots, random }),
      ),
    );
    const theory = majorityFails(distance, p);
    return row({
      name: `error per cycle off theory, repetition d = ${String(distance)}`,
      value: (2 * Math.abs(value - theory)) / (high - low),
      unit: 'bands',
      goal: 'quantum-memory/off theory',
    });
  });
}

/** The probability that more than half of n bits flip. */
function majorityFails(n: number, p: number): number {
  let sum = 0;
  let ways = 1;
  for (let k = 0; k <= n; k++) {
    if (2 * k > n) sum += ways * p ** k * (1 - p) ** (n - k);
    ways = (ways * (n - k)) / (k + 1);
  }
  return sum;
}

/** Published shots of a distance-13 code, with the weights of PyMatching's exact matching. */
function publishedRows({ skipped }: SuiteOptions): Row[] {
  const file = (ending: string): string => resolve(DATA, 'qec', `${PUBLISHED}${ending}`);
  if (!existsSync(file('.dem'))) {
    skipped(`published shots: there is no ${file('.dem')}`);
    return [];
  }
  const model = parseDetectorErrorModel(readFileSync(file('.dem'), 'utf8'));
  const decoder = new MatchingDecoder(model);
  const bits = model.detectors + model.observables;
  const shots = decodeShots(readFileSync(file('_1000_shots.b8')), bits);
  const published = (what: string): number[] =>
    readFileSync(file(`_1000_shots_no_buckets_${what}_pymatchingv0.7_exact.txt`), 'utf8')
      .trim()
      .split('\n')
      .map(Number);
  const [weights, predictions] = [published('weights'), published('predictions')];
  let [sameWeights, samePredictions] = [0, 0];
  for (let shot = 0; shot < shots.shots; shot++) {
    const fired = shots.ones(shot).filter((bit) => bit < model.detectors);
    const { weight, observables } = decoder.decode(fired);
    if (Math.abs(weight - weights[shot]) < 1e-6) sameWeights++;
    if (observables === predictions[shot]) samePredictions++;
  }
  const peer = { name: 'PyMatching, exact', value: weights.length };
  return [
    row({
      name: 'equal weights of published shots',
      value: sameWeights,
      unit: '',
      goal: 'quantum-memory/equal weights',
      peer,
    }),
    row({ name: 'equal predictions', value: samePredictions, unit: '', peer }),
  ];
}
