import { Circuit, mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import {
  entangle,
  QubitBank,
  ResourcePoolError,
  teleport,
  VirtualQubits,
} from '@sema/resource-pool';
import type { RegisterSystem, StateLease } from '@sema/resource-pool';
import { DenseModel } from './dense-model.ts';

const STEPS = 100_000;
const QUBITS = 10;
/** Comparing costs more than most steps. */
const COMPARED_EVERY = 25;
const ALL = Array.from({ length: QUBITS }, (_, qubit) => qubit);

interface Dice {
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
}

function diceOf(seed: number): Dice {
  const random = mulberry32(seed);
  const below = (count: number) => Math.floor(random.next() * count);
  return { below, pick: (items) => items[below(items.length)] };
}

/** Up to three distinct qubits of a list, in random order. */
function some(dice: Dice, qubits: readonly number[], count: number): number[] {
  const left = [...qubits];
  return Array.from({ length: count }, () => left.splice(dice.below(left.length), 1)[0]);
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof ResourcePoolError) return error.code;
    throw error;
  }
  return undefined;
}

function gateStep(
  dice: Dice,
  system: RegisterSystem,
  model: DenseModel,
  qubits: readonly number[],
) {
  const circuit =
    qubits.length < 2 || dice.below(3) === 0
      ? new Circuit(1).gate(dice.pick(['h', 's', 't', 'x', 'sx'] as const), [0])
      : dice.pick([
          new Circuit(2).cx(0, 1),
          new Circuit(2).cz(0, 1),
          new Circuit(2).swap(0, 1),
          new Circuit(2).rxx(Math.PI / 4, 0, 1),
        ]);
  const targets = some(dice, qubits, circuit.qubits);
  system.run(circuit, targets);
  model.run(circuit, targets);
}

function entangleStep(
  dice: Dice,
  system: RegisterSystem,
  model: DenseModel,
  qubits: readonly number[],
) {
  if (qubits.length < 2) return;
  const targets = some(dice, qubits, 2 + dice.below(Math.min(3, qubits.length - 1)));
  const kind = targets.length === 2 ? 'bell' : dice.pick(['ghz', 'cluster'] as const);
  const code = codeOf(() => entangle(system, kind, targets));
  const isZero = targets.every((qubit) => !model.mayBeOne(qubit));
  expect(code === undefined).toBe(isZero);
  if (code !== undefined) return;
  const circuit = new Circuit(targets.length);
  if (kind === 'cluster') {
    targets.forEach((_, k) => circuit.h(k));
    for (let k = 1; k < targets.length; k++) circuit.cz(k - 1, k);
  } else {
    circuit.h(0);
    for (let k = 1; k < targets.length; k++) circuit.cx(0, k);
  }
  model.run(circuit, targets);
}

function teleportStep(
  dice: Dice,
  system: RegisterSystem,
  model: DenseModel,
  qubits: readonly number[],
  random: { next(): number },
) {
  if (qubits.length < 3) return;
  const [from, to, helper] = some(dice, qubits, 3);
  const code = codeOf(() => teleport(system, { from, to, helper }, random));
  expect(code === undefined).toBe(!model.mayBeOne(to) && !model.mayBeOne(helper));
  // `to` was |0⟩, so an exact teleportation is an exchange.
  if (code === undefined) model.run(new Circuit(2).swap(0, 1), [from, to]);
}

/** The outcome that the next number of a copied random source gives the model. */
function mirrored(model: DenseModel, qubits: readonly number[], state: number): void {
  const mirror = mulberry32(state);
  for (const qubit of qubits) {
    model.resetFrom(qubit, mirror.next() < model.probabilityOfOne(qubit) ? 1 : 0);
  }
}

test('100 000 random steps of a bank agree with a dense model, and lose no qubit', () => {
  const dice = diceOf(20_260_101);
  const random = mulberry32(7);
  const bank = new QubitBank(QUBITS, { memoryLimitBytes: 2 ** 20, random });
  const model = new DenseModel(QUBITS);
  const open: StateLease[] = [];
  const counts = { acquire: 0, release: 0, refused: 0, throw: 0, entangle: 0, teleport: 0 };
  const held = () => open.flatMap((lease) => lease.qubits);

  for (let step = 0; step < STEPS; step++) {
    const action = dice.below(20);
    const lease = open.length > 0 ? dice.pick(open) : undefined;
    if (action < 4) {
      const min = 1 + dice.below(4);
      const size = QUBITS - held().length;
      const got = bank.tryAcquire({ owner: 'a', min, max: min + dice.below(3) });
      expect(got !== undefined).toBe(size >= min);
      if (got === undefined) continue;
      expect(got.qubits.some((qubit) => held().includes(qubit))).toBe(false);
      expect(got.qubits.some((qubit) => model.mayBeOne(qubit))).toBe(false);
      open.push(got);
      counts.acquire++;
    } else if (action < 6 && lease !== undefined) {
      const { qubits } = lease;
      const code = codeOf(() => lease.release());
      const isClean = qubits.every((qubit) => !model.mayBeOne(qubit));
      expect(code === undefined).toBe(isClean);
      if (!isClean) {
        expect(code === 'ENTANGLED').toBe(qubits.some((qubit) => model.isEntangled(qubit)));
        counts.refused++;
        const outcomes = lease.measureAndReset();
        qubits.forEach((qubit, k) => model.resetFrom(qubit, outcomes[k]));
        lease.release();
      }
      open.splice(open.indexOf(lease), 1);
      counts.release++;
    } else if (action === 6 && lease !== undefined) {
      const { qubits } = lease;
      const isClean = qubits.every((qubit) => !model.mayBeOne(qubit));
      if (!isClean) mirrored(model, qubits, random.state);
      const failing = () => {
        using borrowed = lease;
        throw new Error(`an owner of ${borrowed.size} failed`);
      };
      expect(failing).toThrow('failed');
      open.splice(open.indexOf(lease), 1);
      counts.throw++;
    } else if (action === 7) {
      model.relabel(bank.rebalance().destination);
    } else if (action < 10) {
      counts.entangle++;
      entangleStep(dice, bank.registers, model, held());
    } else if (action < 12) {
      counts.teleport++;
      teleportStep(dice, bank.registers, model, held(), random);
    } else if (lease !== undefined) {
      gateStep(dice, bank.registers, model, held());
    }
    expect(bank.pool.metrics.inUse).toBe(held().length);
    if (step % COMPARED_EVERY === 0) {
      // 25 steps drop at most 1e-10 each in norm where they split registers.
      expect(model.agreement(bank.registers.stateOf(ALL)), `step ${step}`).toBeCloseTo(1, 8);
    }
  }
  for (const lease of open) lease[Symbol.dispose]();
  expect(bank.pool.metrics).toMatchObject({ inUse: 0, leases: 0 });
  bank.registers.checkZero(ALL);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(1000);
});

test('100 000 random steps of 10 virtual qubits on 6 agree with a dense model', () => {
  const dice = diceOf(20_260_102);
  const random = mulberry32(8);
  const qubits = new VirtualQubits({
    virtual: QUBITS,
    physical: 6,
    memoryLimitBytes: 2 ** 20,
    parkedLimitBytes: 2 ** 20,
    clock: { nowNs: () => 0 },
  });
  const model = new DenseModel(QUBITS);
  for (let step = 0; step < STEPS; step++) {
    const action = dice.below(12);
    // A register as large as the physical qubits would refuse most of what follows.
    const working = some(dice, ALL, 3);
    const needed = new Set([...working, ...qubits.partners(working)]);
    if (action < 5) {
      for (const qubit of working.slice(0, 2)) {
        model.resetFrom(qubit, qubits.reset(qubit, random));
      }
    } else if (needed.size > 6) {
      const circuit = new Circuit(3).ccx(0, 1, 2);
      expect(codeOf(() => qubits.run(circuit, working))).toBe('EXCEEDS_PHYSICAL');
    } else if (action < 8) gateStep(dice, qubits, model, working);
    else if (action < 10) entangleStep(dice, qubits, model, working);
    else teleportStep(dice, qubits, model, working, random);
    if (step % COMPARED_EVERY === 0) {
      expect(agreement(qubits, model), `step ${step}`).toBeCloseTo(1, 8);
    }
  }
  const { evictions, hitRate } = qubits.metrics;
  expect(evictions).toBeGreaterThan(10_000);
  expect(hitRate).toBeGreaterThan(0.1);
});

/** Each register is compared where it lies: all ten qubits never are in memory together. */
function agreement(qubits: VirtualQubits, model: DenseModel): number {
  let worst = 1;
  for (const group of qubits.groups()) {
    worst = Math.min(worst, model.agreementOn(group, qubits.stateOf(group)));
  }
  return worst;
}
