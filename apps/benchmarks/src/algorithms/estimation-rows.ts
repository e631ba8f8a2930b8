import {
  canonicalEstimate,
  closedFormOracle,
  exponentialPowers,
  GibbsSampler,
  iterativeEstimate,
  maximumLikelihoodEstimate,
  PayoffCircuit,
  type AmplitudeEstimate,
  type AmplitudeOracle,
} from '@sema/algorithms';
import { mulberry32, type RandomSource } from '@sema/simulator';
import { row, type Row, type SuiteOptions } from '../harness.ts';

/** What is asked for; the goal of coverage is as much. */
const CONFIDENCE = 0.95;
/** Of a normal deviate beyond which 2.5 % lie. */
const DEVIATIONS = 1.959964;

type Estimator = (oracle: AmplitudeOracle, random: RandomSource) => AmplitudeEstimate;

/** What an estimator did over random amplitudes. */
interface Performance {
  readonly calls: number;
  readonly coverage: number;
}

/** How many oracle calls a width takes, and how often intervals are right. */
export function estimationRows({ quick }: Pick<SuiteOptions, 'quick'>): Row[] {
  checkOracle();
  const runs = quick ? 200 : 400;
  const widths = [1e-2, 1e-3, 1e-4, 1e-5];
  const iterative = widths.map((epsilon) =>
    measure(runs, (oracle, random) =>
      iterativeEstimate(oracle, { epsilon, confidence: CONFIDENCE, random }),
    ),
  );
  const slope = slopeOf(
    widths.map((epsilon) => 1 / epsilon),
    iterative.map(({ calls }) => calls),
  );
  const peer = { name: 'Monte Carlo', value: monteCarloSlope(quick ? 5 : 20) };
  const name = 'iterative estimation';
  const slopeName = `${name}: slope of calls against 1/ε`;
  return [
    row({
      name: `${slopeName}, at most`,
      value: slope,
      unit: '',
      goal: 'estimation/slope, at most',
      peer,
    }),
    row({
      name: `${slopeName}, at least`,
      value: slope,
      unit: '',
      goal: 'estimation/slope, at least',
      peer,
    }),
    ...widths.map((epsilon, i) =>
      row({
        name: `${name}: calls × ε at ε = ${epsilon.toExponential()}`,
        value: iterative[i].calls * epsilon,
        unit: 'calls',
        goal: 'estimation/calls × ε',
      }),
    ),
    row({
      name: `${name}: coverage at ${String(100 * CONFIDENCE)} %, the worst width`,
      value: Math.min(...iterative.map(({ coverage }) => coverage)),
      unit: 'of intervals',
      goal: 'estimation/coverage',
    }),
    ...otherCoverages(runs),
    ...gibbsRows(quick),
  ];
}

/** The closed form stands for circuits below, so it has to be what a circuit does. */
function checkOracle(): void {
  const probabilities = [0.1, 0.2, 0.3, 0.4];
  const register = { qubits: [0, 1, 2] };
  using circuit = new PayoffCircuit({ probabilities, payoffs: [0, 1, 4, 9] }, register);
  const closed = closedFormOracle(5 / 9);
  for (const power of [0, 1, 10, 100]) {
    const difference = circuit.hitProbability(power) - closed.hitProbability(power);
    if (Math.abs(difference) > 1e-11) throw new Error(`the circuit is off by ${difference}`);
  }
}

function measure(runs: number, estimate: Estimator): Performance {
  const random = mulberry32(2021);
  let [calls, covered] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const amplitude = random.next();
    const { lower, upper, oracleCalls } = estimate(closedFormOracle(amplitude), random);
    calls += oracleCalls;
    if (lower <= amplitude && amplitude <= upper) covered++;
  }
  return { calls: calls / runs, coverage: covered / runs };
}

function otherCoverages(runs: number): Row[] {
  const canonical = (repetitions: number): Row => {
    let confidence = 0;
    const { coverage } = measure(runs, (oracle, random) => {
      const estimate = canonicalEstimate(oracle, { evaluationQubits: 8, repetitions, random });
      confidence = estimate.confidence;
      return estimate;
    });
    return row({
      name: `canonical estimation, median of ${String(repetitions)}: coverage`,
      value: coverage,
      unit: 'of intervals',
      target: { atLeast: confidence },
    });
  };
  const { coverage } = measure(runs, likelihood);
  return [
    canonical(1),
    canonical(9),
    row({
      name: 'maximum-likelihood estimation: coverage at 95 %',
      value: coverage,
      unit: 'of intervals',
      goal: 'estimation/coverage',
    }),
    edgeRow('iterative', runs, (oracle, random) =>
      iterativeEstimate(oracle, { epsilon: 1e-2, confidence: CONFIDENCE, random }),
    ),
    edgeRow('maximum-likelihood', runs, likelihood),
  ];
}

const likelihood: Estimator = (oracle, random) =>
  maximumLikelihoodEstimate(oracle, {
    powers: exponentialPowers(5),
    shots: 100,
    confidence: CONFIDENCE,
    random,
  });

/** Over amplitudes at and near 0 and 1, where approximate intervals fail. */
function edgeRow(name: string, runs: number, estimate: Estimator): Row {
  const small = [0, 1e-6, 1e-4, 1e-2];
  const amplitudes = [...small, ...small.map((amplitude) => 1 - amplitude)];
  const random = mulberry32(95);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const amplitude = amplitudes[run % amplitudes.length];
    const { lower, upper } = estimate(closedFormOracle(amplitude), random);
    if (lower <= amplitude && amplitude <= upper) covered++;
  }
  return row({
    name: `${name} estimation: coverage at 95 %, amplitudes near 0 and 1`,
    value: covered / runs,
    unit: 'of intervals',
    goal: 'estimation/coverage',
  });
}

/** Of the shots until the normal interval has the width. */
function monteCarloSlope(runs: number): number {
  const widths = [0.1, 0.03, 0.01, 0.003];
  const random = mulberry32(7);
  const shots = widths.map((epsilon) => {
    let total = 0;
    for (let run = 0; run < runs; run++) {
      const amplitude = 0.2 + 0.6 * random.next();
      total += shotsUntil(epsilon, amplitude, random);
    }
    return total / runs;
  });
  return slopeOf(
    widths.map((epsilon) => 1 / epsilon),
    shots,
  );
}

function shotsUntil(epsilon: number, amplitude: number, random: RandomSource): number {
  let [hits, shots] = [0, 0];
  for (;;) {
    for (let k = 0; k < 20; k++) if (random.next() < amplitude) hits++;
    shots += 20;
    const share = hits / shots;
    const deviation = Math.sqrt((share * (1 - share)) / shots);
    if (share > 0 && share < 1 && DEVIATIONS * deviation <= epsilon) return shots;
  }
}

/** One state among N: drawing and refusing takes N runs. */
function gibbsRows(quick: boolean): Row[] {
  const sizes = quick ? [4, 6] : [6, 8, 10];
  const samples = quick ? 20 : 200;
  const calls = sizes.map((qubits) => {
    const energies = new Float64Array(1 << qubits).fill(100);
    energies[1] = 0;
    const register = { qubits: Array.from({ length: qubits + 1 }, (_, q) => q) };
    using sampler = new GibbsSampler(energies, 1, register);
    const random = mulberry32(qubits);
    let total = 0;
    for (let k = 0; k < samples; k++) {
      const { oracleCalls, runs } = sampler.sample(random);
      total += oracleCalls + runs;
    }
    return total / samples;
  });
  const states = sizes.map((qubits) => 1 << qubits);
  const most = states.length - 1;
  return [
    row({
      name: 'Gibbs sampling: slope of calls and runs against N/Z',
      value: slopeOf(states, calls),
      unit: '',
      peer: { name: 'amplification', value: 0.5 },
    }),
    row({
      name: `Gibbs sampling: calls and runs for one state of ${String(states[most])}`,
      value: calls[most],
      unit: 'calls',
      peer: { name: 'runs when refusing', value: states[most] },
    }),
  ];
}

/** Of log y against log x, by least squares. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const [meanU, meanV] = [u, v].map((list) => list.reduce((a, b) => a + b, 0) / list.length);
  let [products, squares] = [0, 0];
  u.forEach((value, i) => {
    products += (value - meanU) * (v[i] - meanV);
    squares += (value - meanU) ** 2;
  });
  return products / squares;
}
