import { describe, expect, test } from 'vitest';
import type { Regime } from '@sema/learning';
import { ACTIONS } from '../src/actions.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { EXPERTS } from '../src/experts/board.ts';
import { FusionCircuit } from '../src/fusion-circuit.ts';
import { fuseAmplitudes } from '../src/fusion.ts';
import { Model } from '../src/model.ts';

const configuration = engineConfiguration({
  pair: 'BTC/USDT',
  intervalMs: 60_000,
  periodsPerYear: 525_600,
  path: 'twin',
});

/** Rounds in one regime in which the first expert is right, the second wrong, and nothing pays. */
function taught(regime: Regime, rounds: number): Model {
  const model = Model.create(configuration);
  const probabilities = new Float64Array(EXPERTS.length).fill(NaN);
  probabilities[0] = 0.9;
  probabilities[1] = 0.1;
  const directions = new Int8Array(EXPERTS.length);
  for (let k = 0; k < rounds; k++) {
    model.learn({ directions, probabilities, regime, change: 1e-6 });
  }
  return model;
}

describe('a model', () => {
  test('fades its weights with the coherence time of the regime: a crisis trusts least', () => {
    const regimes = ['stable', 'trending', 'volatile', 'crisis'] as const;
    const trust = regimes.map((regime) => taught(regime, 200).learner.weights[0]);
    for (let k = 1; k < trust.length; k++) expect(trust[k]).toBeLessThan(trust[k - 1]);
  });

  test('holds positions back in a crisis when they did not pay, by circuit as by twin', () => {
    const { feedback } = taught('crisis', 5);
    const filters = [Float64Array.of(0.2, 0.3, 0.5)];
    const before = fuseAmplitudes(filters);
    const twin = feedback.crisis.apply(before).map((amplitude) => amplitude * amplitude);
    expect(twin[1]).toBeGreaterThan(0.3 + 0.05);
    expect(twin[0]).toBeLessThan(0.2);
    expect(twin[2]).toBeLessThan(0.5);
    using circuit = new FusionCircuit();
    const { preferences } = circuit.fuse(filters, feedback.crisis, { qubits: [0, 1, 2] });
    // Rounding of some twenty gates.
    for (const action of ACTIONS.keys()) {
      expect(Math.abs(preferences[action] - twin[action])).toBeLessThan(1e-13);
    }
  });

  test('is not restored from feedback that holds other actions back', () => {
    const sections = taught('crisis', 5).sections();
    expect(Model.restore(sections, configuration).sections()).toEqual(sections);
    // The section is a list of four plain objects.
    const feedback = (sections.feedback as object[]).map((one, k) =>
      k === 3 ? { ...one, risky: [0] } : one,
    );
    expect(() =>
      Model.restore({ ...sections, feedback: feedback as never }, configuration),
    ).toThrow('feedback 3 is not of the crisis regime');
  });
});
