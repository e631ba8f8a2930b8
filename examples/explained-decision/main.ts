// Decides on the last candle of a file, after learning from all before it, and says why.
//
//   npm start                     # on the made-up market beside this file
//   npm start -- my-candles.csv   # on your own

import { readFileSync } from 'node:fs';
import { CandleCsvReader, DENIALS, Engine, engineConfiguration } from '@sema/qar';
import type { Candles, DecisionReceipt } from '@sema/qar';

const DAY_MS = 86_400_000;

function readCandles(file: string): Candles {
  const reader = new CandleCsvReader({ file, maximumRows: 1_000_000 });
  reader.push(readFileSync(file, 'utf8'));
  return reader.end();
}

/** The receipt of the last decision. The engine learns from each outcome on the way there. */
function lastDecision(candles: Candles): DecisionReceipt {
  const configuration = engineConfiguration(
    { pair: 'EXAMPLE', intervalMs: DAY_MS, periodsPerYear: 252, path: 'quantum' },
    // More likely than not; the default of 0.80 seldom enters.
    { risk: { minimumConfidence: 0.5 } },
  );
  const clock = { nowNs: () => Math.round(performance.now() * 1e6) };
  using engine = new Engine(configuration, { clock });
  const first = configuration.windowCandles - 1;
  for (let end = first; ; end++) {
    const now = candles.time[end] + configuration.intervalMs;
    const { receipt } = engine.step(candles, end, { now });
    if (end === candles.length - 1) return receipt;
  }
}

function explain({ seats, regime, verdict, outcome, ...receipt }: DecisionReceipt): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const voices = seats.map((seat) => {
    if ('abstained' in seat) return `${seat.expert}: abstained, ${seat.abstained}`;
    const direction = seat.direction > 0 ? 'up' : 'down';
    return `${seat.expert}: ${direction}, a gain in ${percent(seat.probabilityUp)}`;
  });
  const lines = [`Decision ${receipt.sequence}, regime ${regime ?? 'unknown'}`, ...voices];
  if (verdict !== null) {
    const [short, flat, long] = verdict.preferences.map(percent);
    const { action, confidence } = verdict;
    const worth = confidence === null ? 'unknown' : percent(confidence);
    lines.push(`preferences: short ${short}, flat ${flat}, long ${long}`);
    lines.push(action === 'flat' ? 'action: flat' : `action: ${action}, a profit in ${worth}`);
  }
  return [...lines, `outcome: ${outcomeText(outcome)}`];
}

function outcomeText(outcome: DecisionReceipt['outcome']): string {
  switch (outcome.kind) {
    case 'order':
      return `an order for a position of ${outcome.targetUnits.toFixed(2)} units`;
    case 'hold':
      return 'what is held stays';
    case 'no-go':
      return 'nothing, since as much evidence was too often wrong';
    case 'denied':
      return `denied: ${DENIALS[outcome.reason]}`;
    case 'no-decision':
      return `no decision: ${outcome.reason}`;
  }
}

const file = process.argv[2] ?? new URL('candles.csv', import.meta.url).pathname;
console.log(explain(lastDecision(readCandles(file))).join('\n'));
