import {
  Hedge,
  mixtureProbability,
  prospectValue,
  QuantumHedge,
  QuantumLmsr,
  QuantumProspect,
  settleTrade,
  TVERSKY_KAHNEMAN_1992,
} from '@sema/algorithms';
import type { ExpertLearner } from '@sema/learning';
import {
  DecisionQubits,
  planQubits,
  RiskGate,
  type DenialReason,
  type QubitSettings,
  type RiskLimits,
  type RiskQuestion,
} from '@sema/qar';
import { ResourcePoolError, type QubitPool } from '@sema/resource-pool';
import { mulberry32 } from '@sema/simulator';
import type { Outcome } from './checks.ts';

const LEASES = 1000;

/** Leases go in and out, some of owners that throw; no qubit is lost, or lent to two at a time. */
export function checkPool(pool: QubitPool): Outcome {
  const random = mulberry32(1);
  const half = Math.floor(pool.capacity / 2);
  let lentTwice = 0;
  for (let i = 0; i < LEASES; i++) {
    const size = 1 + Math.floor(random.next() * half);
    try {
      using first = pool.acquireNow({ owner: 'doctor', min: size, max: size });
      using second = pool.acquireNow({ owner: 'doctor', min: 1, max: half });
      if (first.qubits.some((qubit) => second.qubits.includes(qubit))) lentTwice++;
      if (i % 10 === 0) throw new RangeError('an owner that throws');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const { inUse } = pool.metrics;
  if (lentTwice > 0) return failed(`a qubit was lent to two owners, ${String(lentTwice)} times`);
  if (inUse > 0) return failed(`${String(inUse)} qubits were not given back`);
  if (!refusesTooMany(pool)) return failed('it lends more qubits than it has');
  return { passed: true, found: `${String(2 * LEASES)} leases, every qubit back` };
}

function refusesTooMany(pool: QubitPool): boolean {
  const most = pool.capacity + 1;
  try {
    using _lease = pool.acquireNow({ owner: 'doctor', min: most, max: most });
    return false;
  } catch (error) {
    if (error instanceof ResourcePoolError) return true;
    throw error;
  }
}

const DECISIONS = 300;

/**
 * Decisions take and return their qubits under quotas of all kinds, some of them broken off.
 *
 * @param pool - as the engine makes it for these settings.
 */
export function checkQuotas(pool: QubitPool, settings: QubitSettings): Outcome {
  const random = mulberry32(4);
  let most = 0;
  for (let i = 0; i < DECISIONS; i++) {
    const weights = [random.next(), random.next(), random.next()];
    const plan = planQubits(weights, 1 + Math.floor(14 * random.next()), settings);
    try {
      using qubits = new DecisionQubits(pool, settings, plan);
      most = Math.max(most, pool.metrics.inUse);
      if (i % 10 === 0) throw new RangeError('a circuit that throws');
      qubits.beginFusion();
      most = Math.max(most, pool.metrics.inUse);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const { inUse, capacity } = pool.metrics;
  if (inUse > 0) return failed(`${String(inUse)} qubits were not given back`);
  const held = `at most ${String(most)} of ${String(capacity)} held`;
  return { passed: true, found: `${String(DECISIONS)} decisions, ${held}` };
}

/** The closed forms that the circuits are compared with. */
export interface Twins {
  readonly settleTrade: typeof settleTrade;
  readonly prospectValue: typeof prospectValue;
  readonly mixtureProbability: typeof mixtureProbability;
}

export const TWINS: Twins = { settleTrade, prospectValue, mixtureProbability };

/** What circuits and twins may be apart by, as in their tests. */
const AGREEMENT = 1e-10;
const QUESTIONS = 20;
const OUTCOMES = 8;

/** Each circuit answers some questions; its twin must answer alike. */
export function checkAlgorithms(twins: Twins): Outcome {
  using lmsr = new QuantumLmsr(3);
  using prospect = new QuantumProspect(3);
  using hedge = new QuantumHedge(3);
  const most = Math.max(lmsr.requiredQubits, prospect.requiredQubits, hedge.requiredQubits);
  const register = { qubits: Array.from({ length: most }, (_, qubit) => qubit) };
  const random = mulberry32(2);
  const apart = { lmsr: 0, prospect: 0, hedge: 0 };
  const draw = (low: number, high: number): Float64Array =>
    Float64Array.from({ length: OUTCOMES }, () => low + (high - low) * random.next());
  for (let i = 0; i < QUESTIONS; i++) {
    const prior = normalised(draw(0.1, 1));
    const trade = { prior, shares: draw(-1, 1), liquidity: 1 };
    const expected = twins.settleTrade(trade).prices;
    const { prices } = lmsr.settle(trade, register);
    prices.forEach((price, bin) => {
      apart.lmsr = larger(apart.lmsr, price - (expected[bin] ?? NaN));
    });
    const lottery = { probabilities: prior, payoffs: draw(-2, 2) };
    const { value } = prospect.value(lottery, TVERSKY_KAHNEMAN_1992, register);
    const worth = twins.prospectValue(lottery, TVERSKY_KAHNEMAN_1992);
    apart.prospect = larger(apart.prospect, value - worth);
    const opinions = draw(0, 1);
    const { probability } = hedge.mixture(prior, opinions, register);
    apart.hedge = larger(apart.hedge, probability - twins.mixtureProbability(prior, opinions));
  }
  const wrong = Object.entries(apart).filter(([, distance]) => !(distance < AGREEMENT));
  if (wrong.length > 0) {
    const names = wrong.map(([name, distance]) => `${name} by ${distance.toExponential(1)}`);
    return failed(`circuits and twins are apart: ${names.join(', ')}`);
  }
  return { passed: true, found: `${String(3 * QUESTIONS)} answers of circuits and twins alike` };
}

/** A distance that is not a number stays, so that it is found. */
function larger(distance: number, difference: number): number {
  return Math.abs(difference) <= distance ? distance : Math.abs(difference);
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

const ROUNDS = 200;

/**
 * After some rounds of losses the learner's Born weights must be those of Hedge.
 *
 * @param learner - fresh, with as many experts and the learning rate as given.
 */
export function checkLearning(learner: ExpertLearner, learningRate: number): Outcome {
  const { experts } = learner;
  const hedge = new Hedge({ experts, learningRate });
  const random = mulberry32(3);
  const awake = Array.from({ length: experts }, () => true);
  for (let round = 0; round < ROUNDS; round++) {
    const losses = Float64Array.from({ length: experts }, () => random.next());
    learner.update(losses, awake);
    hedge.update(losses);
  }
  const expected = hedge.weights();
  let apart = 0;
  learner.weights.forEach((weight, expert) => {
    apart = larger(apart, weight - (expected[expert] ?? NaN));
  });
  if (!(apart < AGREEMENT)) {
    return failed(`its weights are ${apart.toExponential(1)} from those of Hedge`);
  }
  return { passed: true, found: `${String(ROUNDS)} rounds, the weights of Hedge` };
}

const DAY_MS = 86_400_000;
const EQUITY = 100_000;
const NOW = 40 * DAY_MS;

/** An entry that nothing speaks against. */
const HARMLESS: RiskQuestion = {
  action: 'long',
  confidence: 1,
  positionMultiplier: 1,
  votes: 14,
  fallback: false,
  volatility: 0,
  jumpSigmas: 0,
  gapIntervals: 1,
  volume: 1e12,
  usualVolume: 1e12,
  now: NOW,
  candleClosed: NOW,
  price: 1,
  units: 0,
  equity: EQUITY,
};

interface Danger {
  readonly reason: DenialReason;
  readonly says: string;
  readonly question?: Partial<RiskQuestion>;
  readonly before?: (gate: RiskGate) => void;
}

/** What no one should enter on, whatever their limits. */
const DANGERS: readonly Danger[] = [
  {
    reason: 'CONFIDENCE_BELOW_MINIMUM',
    says: 'a confidence of 1/3, which is that of a guess',
    question: { confidence: 1 / 3 },
  },
  {
    reason: 'STALE_DATA',
    says: 'candles a year old',
    question: { candleClosed: NOW - 365 * DAY_MS },
  },
  { reason: 'PRICE_JUMP', says: 'a move of 1000 σ', question: { jumpSigmas: 1000 } },
  { reason: 'CRISIS_VOLATILITY', says: 'a volatility of 1000 %', question: { volatility: 10 } },
  {
    reason: 'DAILY_LOSS_LIMIT',
    says: 'half of the equity lost in a day',
    question: { equity: EQUITY / 2 },
    before: (gate) => {
      gate.mark(NOW - 1, EQUITY);
    },
  },
  {
    reason: 'HALTED',
    says: 'three quarters of the equity lost',
    question: { equity: EQUITY / 4 },
    before: (gate) => {
      gate.mark(NOW - 1, EQUITY / 4);
    },
  },
  {
    reason: 'KILL_SWITCH',
    says: 'the kill switch thrown',
    before: (gate) => {
      gate.kill();
    },
  },
];

/** The gate must refuse what is dangerous under any limits, and let a harmless entry through. */
export function checkRiskLimits(limits: RiskLimits): Outcome {
  const passing = DANGERS.filter(({ reason, question, before }) => {
    const gate = new RiskGate(limits, EQUITY, DAY_MS);
    before?.(gate);
    const verdict = gate.ask({ ...HARMLESS, ...question });
    return !(verdict.kind === 'denied' && verdict.reason === reason);
  });
  if (passing.length > 0) {
    return failed(`would enter with ${passing.map(({ says }) => says).join(' and with ')}`);
  }
  const verdict = new RiskGate(limits, EQUITY, DAY_MS).ask(HARMLESS);
  if (verdict.kind === 'denied') return failed(`would never enter: ${verdict.reason}`);
  return { passed: true, found: `${String(DANGERS.length)} dangers refused, a good entry taken` };
}

function failed(found: string): Outcome {
  return { passed: false, found };
}
