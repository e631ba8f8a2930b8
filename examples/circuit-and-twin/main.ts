// A trade on a market maker's book, once as a quantum circuit and once in closed form, and the
// circuit that loads the market's prices, drawn.

import {
  groverRudolphAngles,
  lmsrPrices,
  prepareDistribution,
  QuantumLmsr,
  settleTrade,
} from '@sema/algorithms';
import { Circuit, probabilities, run, StateVector } from '@sema/simulator';
import { drawText } from '@sema/simulator/drawing';

const shown = (values: Iterable<number>): string =>
  Array.from(values, (value) => value.toFixed(4)).join('  ');

// Four outcomes, of which 3, 1, 0 and −2 shares were sold so far; somebody buys two of the last.
const liquidity = 2;
const prior = lmsrPrices([3, 1, 0, -2], liquidity);
const trade = { prior, shares: Float64Array.of(0, 0, 0, 2), liquidity };

// The prices as Born probabilities of two qubits: one rotation, then one for each half.
const loading = new Circuit(2);
prepareDistribution(loading, [0, 1], [...groverRudolphAngles(prior)]);
using state = new StateVector(2);
run(loading, state);
console.log(drawText(loading));
console.log(`prices         ${shown(prior)}`);
console.log(`measured       ${shown(probabilities(state))}`);

using market = new QuantumLmsr(2);
const quantum = market.settle(trade, { qubits: [0, 1, 2] });
const twin = settleTrade(trade);
console.log(`after, circuit ${shown(quantum.prices)}  cost ${quantum.cost.toFixed(4)}`);
console.log(`after, twin    ${shown(twin.prices)}  cost ${twin.cost.toFixed(4)}`);

const apart = quantum.prices.map((price, outcome) => Math.abs(price - twin.prices[outcome]));
const largest = Math.max(...apart, Math.abs(quantum.cost - twin.cost));
console.log(largest < 1e-12 ? 'The circuit and its twin agree.' : `They differ by ${largest}.`);
if (!(largest < 1e-12)) process.exitCode = 1;
