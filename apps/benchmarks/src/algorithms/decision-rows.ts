import {
  mixtureProbability,
  prospectValue,
  QuantumHedge,
  QuantumLmsr,
  QuantumProspect,
  settleTrade,
  TVERSKY_KAHNEMAN_1992,
} from '@sema/algorithms';
import { mulberry32 } from '@sema/simulator';
import { interleave, medianFigure, row, type Row, type SuiteOptions } from '../harness.ts';

/** Qubits leased by each, the ancilla among them. */
const LEASED = { lmsr: 8, prospect: 6, hedge: 4 };

interface Contest {
  readonly name: string;
  readonly circuit: () => number;
  readonly twin: () => number;
}

/** The time of one decision of each algorithm, beside its closed form. */
export function decisionRows({ clock, quick }: SuiteOptions): Row[] {
  using lmsr = new QuantumLmsr(LEASED.lmsr - 1);
  using prospect = new QuantumProspect(LEASED.prospect - 1);
  using hedge = new QuantumHedge(LEASED.hedge - 1);
  const contests = [lmsrContest(lmsr), prospectContest(prospect), hedgeContest(hedge)];
  const [rounds, calls] = quick ? [15, 500] : [61, 2000];
  return contests.map(({ name, circuit, twin }) => {
    const difference = Math.abs(circuit() - twin());
    if (!(difference < 1e-9)) throw new Error(`${name}: circuit and twin are ${difference} apart`);
    const times = interleave(['circuit', 'twin'], rounds, (contender) => {
      const call = contender === 'circuit' ? circuit : twin;
      const started = clock.nowNs();
      for (let k = 0; k < calls; k++) call();
      return (clock.nowNs() - started) / calls / 1000;
    });
    return row({
      name,
      ...medianFigure(times.circuit),
      unit: 'µs',
      peer: { name: 'twin', ...medianFigure(times.twin) },
    });
  });
}

function lmsrContest(market: QuantumLmsr): Contest {
  const prior = randomDistribution(LEASED.lmsr - 1);
  const trade = { prior, shares: prior.map((_, i) => Math.sin(i)), liquidity: 2 };
  const [register, into] = [registerOf(LEASED.lmsr), market.settlement()];
  return {
    name: `LMSR trade, ${String(LEASED.lmsr)} qubits`,
    circuit: () => market.settle(trade, register, into).cost,
    twin: () => settleTrade(trade).cost,
  };
}

function prospectContest(prospect: QuantumProspect): Contest {
  const probabilities = randomDistribution(LEASED.prospect - 1);
  const lottery = { probabilities, payoffs: probabilities.map((_, i) => i - 12) };
  const [register, into] = [registerOf(LEASED.prospect), prospect.valuation()];
  return {
    name: `value of a lottery, ${String(LEASED.prospect)} qubits`,
    circuit: () => prospect.value(lottery, TVERSKY_KAHNEMAN_1992, register, into).value,
    twin: () => prospectValue(lottery, TVERSKY_KAHNEMAN_1992),
  };
}

function hedgeContest(hedge: QuantumHedge): Contest {
  const weights = randomDistribution(LEASED.hedge - 1);
  const opinions = weights.map((_, i) => i / weights.length);
  const [register, into] = [registerOf(LEASED.hedge), hedge.mixed()];
  return {
    name: `Hedge mixture, ${String(LEASED.hedge)} qubits`,
    circuit: () => hedge.mixture(weights, opinions, register, into).probability,
    twin: () => mixtureProbability(weights, opinions),
  };
}

function randomDistribution(qubits: number): Float64Array {
  const random = mulberry32(qubits);
  const masses = Float64Array.from({ length: 1 << qubits }, () => 0.01 + random.next());
  const sum = masses.reduce((total, mass) => total + mass, 0);
  return masses.map((mass) => mass / sum);
}

function registerOf(size: number): { readonly qubits: readonly number[] } {
  return { qubits: Array.from({ length: size }, (_, qubit) => qubit) };
}
