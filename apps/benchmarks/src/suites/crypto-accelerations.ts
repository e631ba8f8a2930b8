import { hash } from 'node:crypto';
import {
  AdaptiveThresholds,
  calculateEnergyLevel,
  DEFAULT_POLICY,
  determineCryptographicComplexity,
} from '@sema/synthesis-crypto';
import { allocatedBytes } from '../allocated-bytes.ts';
import { interleave, medianFigure, row } from '../harness.ts';
import type { Figure, Row, SuiteOptions } from '../harness.ts';

const COUNT = 1000;
/** Energies on both sides of every threshold, from a fixed recurrence. */
const values = Array.from({ length: COUNT }, (_, index) => BigInt((index * 7919) % 10_001));
const numbers = Float64Array.from(values, Number);

/** Each of the original design's accelerations beside the plain form: ns for one element. */
export function accelerationRows(options: SuiteOptions): Row[] {
  return [
    lookupRow(options),
    lazyRow(options),
    ...energyRows(options),
    ...metadataRows(options),
    thresholdRow(options),
    ...nodeHashRows(options),
  ];
}

/** Nanoseconds an element of both forms, in turns. */
function compare(
  { clock, quick }: SuiteOptions,
  fast: () => unknown,
  plain: () => unknown,
): { fast: Figure; plain: Figure } {
  const actions = { fast, plain };
  const measure = (name: 'fast' | 'plain'): number => {
    const start = clock.nowNs();
    actions[name]();
    return (clock.nowNs() - start) / COUNT;
  };
  for (let warm = 0; warm < (quick ? 10 : 50); warm += 1) {
    measure('fast');
    measure('plain');
  }
  const times = interleave(['fast', 'plain'] as const, quick ? 21 : 201, measure);
  return { fast: medianFigure(times.fast), plain: medianFigure(times.plain) };
}

function compared(
  options: SuiteOptions,
  name: string,
  plainName: string,
  fast: () => unknown,
  plain: () => unknown,
): Row {
  const times = compare(options, fast, plain);
  return row({
    name,
    ...times.fast,
    unit: 'ns',
    peer: { name: plainName, ...times.plain },
  });
}

function lookupRow(options: SuiteOptions): Row {
  const classOf = (energy: bigint): string =>
    determineCryptographicComplexity(energy, DEFAULT_POLICY).class;
  const table = new Map(values.map((value) => [value, classOf(value)]));
  for (let energy = 0n; energy <= 10_000n; energy += 1n) table.set(energy, classOf(energy));
  const wrong = values.some((value) => table.get(value) !== classOf(value));
  if (wrong) throw new Error('the table differs');
  const tableSum = (): number => {
    let length = 0;
    for (const value of values) length += table.get(value)?.length ?? 0;
    return length;
  };
  const plainSum = (): number => {
    let length = 0;
    for (const value of values) length += classOf(value).length;
    return length;
  };
  return compared(options, 'class from a table of 10 001', 'three comparisons', tableSum, plainSum);
}

function lazyRow(options: SuiteOptions): Row {
  class Lazy {
    #energy: bigint | undefined;
    readonly #value: bigint;
    constructor(value: bigint) {
      this.#value = value;
    }
    get energy(): bigint {
      this.#energy ??= calculateEnergyLevel(this.#value, 3n);
      return this.#energy;
    }
  }
  const lazy = (): bigint => values.reduce((sum, value) => sum + new Lazy(value).energy, 0n);
  const eager = (): bigint =>
    values.reduce((sum, value) => sum + { energy: calculateEnergyLevel(value, 3n) }.energy, 0n);
  if (lazy() !== eager()) throw new Error('the energies differ');
  return compared(options, 'lazy energy, read once', 'computed at once', lazy, eager);
}

function energyRows(options: SuiteOptions): Row[] {
  const batch = BigUint64Array.from(values);
  const energies = new BigUint64Array(COUNT);
  const inBatch = (): void => {
    for (let index = 0; index < COUNT; index += 1) energies[index] = batch[index] * 3n;
  };
  const oneByOne = (): bigint[] => values.map((value) => calculateEnergyLevel(value, 3n));
  const products = new Float64Array(COUNT);
  const approximate = (): void => {
    for (let index = 0; index < COUNT; index += 1) products[index] = numbers[index] * 3;
  };
  inBatch();
  approximate();
  const exact = oneByOne();
  const agree = exact.every(
    (energy, index) => energy === energies[index] && Number(energy) === products[index],
  );
  if (!agree) throw new Error('the energies differ');
  return [
    compared(options, 'batch of energies in 64 bits', 'exact, one by one', inBatch, oneByOne),
    compared(options, 'approximate energies in f64', 'exact, one by one', approximate, oneByOne),
  ];
}

interface Metadata {
  readonly class: number;
  readonly algorithm: number;
  readonly sequence: number;
  readonly issuedAt: number;
}

/** Word 0: class (2 bits), algorithm (4), sequence (26). Word 1: seconds. */
function metadataRows(options: SuiteOptions): Row[] {
  const words = new Uint32Array(2 * COUNT);
  const pack = (): Uint32Array => {
    for (let index = 0; index < COUNT; index += 1) {
      words[2 * index] = ((index & 3) | ((index & 15) << 2) | (index << 6)) >>> 0;
      words[2 * index + 1] = 1_800_000_000 + index;
    }
    return words;
  };
  const plain = (): Metadata[] =>
    Array.from({ length: COUNT }, (_, index) => ({
      class: index & 3,
      algorithm: index & 15,
      sequence: index,
      issuedAt: 1_800_000_000 + index,
    }));
  const last = plain()[COUNT - 1];
  const word = pack()[2 * COUNT - 2];
  if ((word & 3) !== last.class || word >>> 6 !== last.sequence) throw new Error('bits differ');
  let kept: Metadata[] = [];
  const bytes = allocatedBytes(() => {
    kept = plain();
  });
  if (kept.length !== COUNT) throw new Error('records are missing');
  return [
    compared(options, 'metadata record, bit-packed', 'plain object', pack, plain),
    row({
      name: 'its size',
      value: words.byteLength / COUNT,
      unit: 'bytes',
      peer: { name: 'plain object', value: bytes / COUNT },
    }),
  ];
}

function thresholdRow(options: SuiteOptions): Row {
  const adaptive = new AdaptiveThresholds(DEFAULT_POLICY, COUNT);
  const adapted = (): number => {
    let length = 0;
    for (const value of values) adaptive.observe(value);
    const thresholds = adaptive.current();
    for (const value of values) {
      const situation = { thresholds };
      const { class: name } = determineCryptographicComplexity(value, DEFAULT_POLICY, situation);
      length += name.length;
    }
    return length;
  };
  const fixed = (): number =>
    values.reduce(
      (sum, value) => sum + determineCryptographicComplexity(value, DEFAULT_POLICY).class.length,
      0,
    );
  const name = 'class under adapted thresholds';
  return compared(options, name, 'fixed thresholds', adapted, fixed);
}

/** What a hash of two tree nodes costs: its input kept or fresh, its digest a text or a Buffer. */
function nodeHashRows(options: SuiteOptions): Row[] {
  const left = Buffer.alloc(32, 1);
  const scratch = new Uint8Array(65);
  const input = (bytes: Uint8Array): Uint8Array => {
    bytes[0] = 1;
    bytes.set(left, 1);
    bytes.set(left, 33);
    return bytes;
  };
  const repeat = (action: () => unknown) => (): void => {
    for (let index = 0; index < COUNT; index += 1) action();
  };
  const kept = repeat(() => hash('sha256', input(scratch), 'binary'));
  const fresh = repeat(() => hash('sha256', input(new Uint8Array(65)), 'binary'));
  const asBuffer = repeat(() => hash('sha256', input(scratch), 'buffer'));
  return [
    compared(options, 'tree node hashed in a kept buffer', 'a fresh buffer', kept, fresh),
    compared(options, 'its digest as a text', 'as a Buffer', kept, asBuffer),
  ];
}
