import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import {
  type Hardware,
  type MemoryPlan,
  neededDistance,
  NEUTRAL_ATOM,
  planMemory,
  TRANSMON,
  TRAPPED_ION,
} from '@sema/timing-buffer/quantum-memory';

const FIDELITY = 0.95;
const README = path.resolve(import.meta.dirname, '../../README.md');
const MACHINES = [TRAPPED_ION, NEUTRAL_ATOM, TRANSMON];

/** What keeps 95 % for 50 ms, as `shots` memories of each length, basis and distance say. */
function planFor(hardware: Hardware): MemoryPlan | undefined {
  return planMemory(hardware, {
    timeNs: 50e6,
    fidelity: FIDELITY,
    cycleNs: 1100,
    shots: 4000,
    lengths: [4, 8, 16, 24],
    random: mulberry32(1),
  });
}

/** The distances that the ends of the interval of Λ ask for. */
function distancesOf(
  { errors, suppression: { low, high } }: NonNullable<MemoryPlan['sampled']>,
  cycles: number,
): (number | undefined)[] {
  return [high, low].map((suppression) =>
    neededDistance(
      { error: errors[2].value, distance: 7, suppression },
      { cycles, fidelity: FIDELITY },
    ),
  );
}

/** A line of the table, cell by cell. */
function cellsOf(hardware: Hardware): string[] {
  const plan = plans.get(hardware);
  if (plan === undefined) throw new Error(`nothing is enough on the ${hardware.name}`);
  const { unprotected, distance, qubits, cycles, fidelity, sampled } = plan;
  return [
    hardware.name,
    `${spelled(hardware.t1Ns)} / ${spelled(hardware.t2Ns)}`,
    unprotected.toFixed(5),
    distance === 1 ? 'none' : `rotated surface, d = ${distance}`,
    String(qubits),
    String(cycles),
    fidelity.toFixed(4),
    sampled === undefined ? '–' : sampled.errors[2].value.toExponential(2),
    sampled === undefined ? '–' : sampled.suppression.value.toFixed(2),
    sampled === undefined ? '–' : distancesOf(sampled, cycles).join(' to '),
  ];
}

function spelled(timeNs: number): string {
  if (timeNs === Infinity) return '∞';
  return timeNs >= 1e9 ? `${timeNs / 1e9} s` : `${timeNs / 1e3} µs`;
}

const plans = new Map(MACHINES.map((hardware) => [hardware, planFor(hardware)]));

test('the table of machines in the README is the one computed here', () => {
  const written = readFileSync(README, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  for (const hardware of MACHINES) {
    const line = written.find((cells) => cells[1] === hardware.name) ?? [];
    expect(line.slice(1, -1)).toEqual(cellsOf(hardware));
  }
});

test('the transmon of the table scales as the chip it is taken from', () => {
  const { errors, suppression } = plans.get(TRANSMON)?.sampled ?? { errors: [] };
  // Google's chip: 1.43e-3 a cycle at d = 7, Λ = 2.14. Uniform declared errors come near.
  expect(errors[2].value).toBeGreaterThan(0.7e-3);
  expect(errors[2].value).toBeLessThan(2.1e-3);
  expect(suppression?.low).toBeLessThan(2.14);
  expect(suppression?.high).toBeGreaterThan(2.14);
});
