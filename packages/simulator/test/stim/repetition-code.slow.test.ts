import { expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { parseStimCircuit, StimSampler } from '@sema/simulator/stim';
import { golden } from './golden/golden.ts';

/**
 * Stim's tutorial finds 5 logical errors in 100 000 shots of a repetition code of distance 9 over
 * 100 rounds with depolarising noise 0.03 before each. Measurements are perfect there, so the
 * lightest explanation of each round on its own is the most likely one, and decoding fails where 5
 * or more of 9 qubits flip in a round: 3.8 times in 100 000 shots.
 */
test('a repetition code fails as often as in the tutorial of Stim', () => {
  const { text } = golden.tutorial['before_round_data_depolarization=0.03'];
  const shots = 100_000;
  const circuit = parseStimCircuit(text);
  const { detectors, observables } = new StimSampler(circuit).sampleDetectors(shots, mulberry32(9));
  let failures = 0;
  for (let shot = 0; shot < shots; shot++) {
    const rounds = new Map<number, number[]>();
    for (const d of detectors.ones(shot)) {
      const round = Math.floor(d / 8);
      rounds.set(round, [...(rounds.get(round) ?? []), d % 8]);
    }
    let flipped = 0;
    for (const fired of rounds.values()) flipped ^= lastQubitFlipped(fired);
    if (flipped !== observables.get(shot, 0)) failures++;
  }
  const p = 0.02;
  let perRound = 0;
  for (let k = 5; k <= 9; k++) perRound += choose(9, k) * p ** k * (1 - p) ** (9 - k);
  const mean = shots * 100 * perRound;
  expect(mean).toBeCloseTo(3.77, 2);
  // Poisson of mean 3.77: 15 or more once in 90 000 seeds, and never so few that it shows.
  expect(failures).toBeLessThan(15);
  // Undecoded, the observable flips as often as 100 rounds at 0.02 say: the decoder does its work.
  const raw = (1 - (1 - 2 * p) ** 100) / 2;
  const deviation = Math.sqrt(shots * raw * (1 - raw));
  // Five standard deviations: a false alarm once in 1.7 million seeds.
  expect(Math.abs(observables.counts()[0] - shots * raw)).toBeLessThan(5 * deviation);
});

/** Of the two sets of flips that make these of the 8 checks fire, the smaller; is qubit 8 in it? */
function lastQubitFlipped(fired: readonly number[]): number {
  let weight = 0;
  let flipped = 0;
  for (let qubit = 0; qubit < 9; qubit++) {
    weight += flipped;
    if (fired.includes(qubit)) flipped ^= 1;
  }
  return weight <= 4 ? flipped : 1 - flipped;
}

test('with flipped measurements, detectors fire at the rates that Stim computes', () => {
  const name = 'before_round_data_depolarization=0.13, before_measure_flip_probability=0.01';
  const { text, rates } = golden.tutorial[name];
  const shots = 100_000;
  const sampler = new StimSampler(parseStimCircuit(text));
  const counts = sampler.sampleDetectors(shots, mulberry32(2)).detectors.counts();
  counts.forEach((count, d) => {
    const rate = rates.detectors[d];
    const deviation = Math.sqrt(shots * rate * (1 - rate));
    // 808 detectors beyond 5 standard deviations: a false alarm once in 2000 seeds.
    expect(Math.abs(count - shots * rate)).toBeLessThan(5 * deviation);
  });
});

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
