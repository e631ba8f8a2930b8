import { createHash } from 'node:crypto';
import { QubitBank, QubitPool } from '@sema/resource-pool';
import {
  decodeState,
  decodeStateInto,
  encodeState,
  encodeStateInto,
  type Amplitudes,
} from '@sema/serializer';
import { Circuit, mulberry32 } from '@sema/simulator';
import { jsonPeer, msgpackrPeer, type StateCodec } from '../custody/state-peers.ts';
import {
  interleave,
  median,
  medianFigure,
  row,
  type Row,
  type Suite,
  type SuiteOptions,
} from '../harness.ts';

const CAPACITY = 25;
const OWNERS = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
};
const SPARSE_AMPLITUDES = 1000;

/** Leases of qubits, moving running states, and states as bytes. */
export const custody: Suite = {
  name: 'custody',
  title: 'leases, live rebalance and states as bytes, beside JSON and msgpackr',
  run: (options) => [
    ...leaseRows(options),
    rebalanceRow(options),
    ...denseRows(options),
    ...sparseRows(options),
  ],
};

function leaseRows({ clock }: SuiteOptions): Row[] {
  const pool = new QubitPool(CAPACITY, { owners: OWNERS });
  const cycles = 1_000_000;
  const batch = 1000;
  const request = { owner: 'lmsr', min: 3, max: 5 };
  const times = Array.from({ length: cycles / batch }, () => {
    const started = clock.nowNs();
    for (let cycle = 0; cycle < batch; cycle++) pool.acquireNow(request).release();
    return (clock.nowNs() - started) / batch;
  });
  return [
    row({
      name: 'lease and return',
      ...medianFigure(times, 0.001),
      unit: 'µs',
      goal: 'leases/time',
    }),
    row({
      name: `qubits lost in ${cycles.toLocaleString('en')} cycles whose owners throw`,
      value: leaksAfter(cycles),
      unit: 'qubits',
      goal: 'leases/lost',
    }),
  ];
}

function leaksAfter(cycles: number): number {
  const pool = new QubitPool(CAPACITY, { owners: OWNERS });
  const names = Object.keys(OWNERS);
  const failure = new Error('an owner that fails');
  for (let cycle = 0; cycle < cycles; cycle++) {
    try {
      using lease = pool.acquireNow({ owner: names[cycle % 3], min: 1, max: 1 + (cycle % 15) });
      if (lease.size > 0) throw failure;
    } catch (error) {
      if (error !== failure) throw error;
    }
  }
  return pool.metrics.inUse;
}

/** Every qubit is lent and in a state of its own, and each rebalance moves all of them. */
function rebalanceRow({ clock, quick }: SuiteOptions): Row {
  const bank = new QubitBank(CAPACITY, {
    owners: OWNERS,
    memoryLimitBytes: 2 ** 20,
    random: mulberry32(1),
  });
  const leases = [
    bank.acquireNow({ owner: 'hedge', min: 9, max: 9 }),
    bank.acquireNow({ owner: 'prospect', min: 8, max: 8 }),
    bank.acquireNow({ owner: 'lmsr', min: 8, max: 8 }),
  ];
  const angles = Array.from({ length: CAPACITY }, (_, qubit) => 0.1 + 0.1 * qubit);
  let next = 0;
  for (const lease of leases) {
    const circuit = new Circuit(lease.size);
    for (let qubit = 0; qubit < lease.size; qubit++) circuit.ry(angles[next++], qubit);
    lease.run(circuit);
  }
  const amplitude = () =>
    leases.flatMap(({ qubits }) =>
      qubits.map((qubit) => bank.registers.reducedDensityMatrix([qubit]).real[0]),
    );
  const before = amplitude();
  const times = Array.from({ length: quick ? 50 : 2000 }, (_, round) => {
    const weights = { lmsr: 1 + (round % 3), prospect: 1 + (round % 5), hedge: 1 + (round % 7) };
    const started = clock.nowNs();
    bank.rebalance(weights);
    return clock.nowNs() - started;
  });
  if (amplitude().some((value, index) => value !== before[index])) {
    throw new Error('a rebalance changed a state');
  }
  return row({
    name: 'rebalance of 25 qubits in product states',
    value: median(times) / 1000,
    unit: 'µs',
    target: { atMost: 50 },
  });
}

function denseRows(options: SuiteOptions): Row[] {
  const qubits = 20;
  const state = denseState(qubits);
  const gigabytes = (16 * 2 ** qubits) / 1e9;
  const codecs = [reusingCodec(state), FRESH, jsonPeer, msgpackrPeer(), checksumBound(state)];
  return (['encode', 'decode'] as const).flatMap((direction) => {
    const times = codecTimes(codecs, state, direction, options);
    const [reused, fresh, ...peers] = times.map((seconds) =>
      medianFigure(seconds.map((time) => gigabytes / time)),
    );
    const name = (memory: string) => `dense ${String(qubits)}-qubit state, ${direction}, ${memory}`;
    const rate = { unit: 'GB/s', goal: 'snapshot/rate' } as const;
    return [
      ...codecs.slice(2).map((peer, index) =>
        row({
          ...rate,
          name: name('reused memory'),
          ...reused,
          peer: { name: peer.name, ...peers[index] },
        }),
      ),
      row({
        ...rate,
        name: name('fresh memory'),
        ...fresh,
        peer: { name: codecs[4].name, ...peers[2] },
      }),
    ];
  });
}

/** As most callers use it: every result in memory of its own. */
const FRESH: StateCodec = { name: 'sema, fresh', encode: encodeState, decode: decodeState };

/** As an engine uses it that takes one snapshot after another. */
function reusingCodec({ real }: Amplitudes): StateCodec {
  const bytes = new Uint8Array(16 * real.length + 64);
  const room = { real: new Float64Array(real.length), imaginary: new Float64Array(real.length) };
  return {
    name: 'sema, reused',
    encode: (state) => encodeStateInto(bytes, state),
    decode: (input) => {
      decodeStateInto(room, input);
      return room;
    },
  };
}

/** The SHA-256 alone, below which no form with that checksum can be. */
function checksumBound(state: Amplitudes): StateCodec {
  const bytes = encodeState(state);
  const hash = () => createHash('sha256').update(bytes).digest();
  return {
    name: 'SHA-256 alone',
    encode: hash,
    decode: () => {
      hash();
      return state;
    },
  };
}

/** Seconds of each codec in each round, after checking that each gives the state back. */
function codecTimes(
  codecs: readonly StateCodec[],
  state: Amplitudes,
  direction: 'encode' | 'decode',
  { clock, quick }: SuiteOptions,
): Float64Array[] {
  const bytes = new Map(codecs.map((codec) => [codec.name, codec.encode(state)]));
  const byName = new Map(codecs.map((codec) => [codec.name, codec]));
  for (const codec of codecs) {
    const read = codec.decode(bytes.get(codec.name) ?? new Uint8Array());
    if (!isSame(read, state)) throw new Error(`${codec.name} gave another state back`);
  }
  const names = codecs.map(({ name }) => name);
  const samples = interleave(names, quick ? 3 : 7, (name) => {
    const codec = byName.get(name);
    const encoded = bytes.get(name);
    if (codec === undefined || encoded === undefined) throw new Error(`${name} is no codec`);
    const started = clock.nowNs();
    if (direction === 'encode') codec.encode(state);
    else codec.decode(encoded);
    return (clock.nowNs() - started) / 1e9;
  });
  return names.map((name) => samples[name]);
}

function sparseRows({ quick }: SuiteOptions): Row[] {
  const qubits = quick ? 16 : 25;
  const real = new Float64Array(2 ** qubits);
  const random = mulberry32(3);
  for (let left = SPARSE_AMPLITUDES; left > 0;) {
    const at = Math.floor(random.next() * real.length);
    if (real[at] === 0) {
      real[at] = 1 / Math.sqrt(SPARSE_AMPLITUDES);
      left -= 1;
    }
  }
  const state = { real, imaginary: new Float64Array(real.length) };
  const bytes = encodeState(state);
  if (!isSame(decodeState(bytes), state)) throw new Error('a sparse state was not read back');
  return [
    row({
      name: `1 000 amplitudes of 2^${String(qubits)}`,
      value: bytes.byteLength / 1024,
      unit: 'KiB',
      target: { atMost: 32 },
      peer: { name: 'all amplitudes', value: (16 * real.length) / 1024 },
    }),
  ];
}

function denseState(qubits: number): Amplitudes {
  const random = mulberry32(9);
  const scale = 2 ** (-qubits / 2);
  const part = () => Float64Array.from({ length: 2 ** qubits }, () => random.next() * scale);
  return { real: part(), imaginary: part() };
}

function isSame(a: Amplitudes, b: Amplitudes): boolean {
  const same = (x: Float64Array, y: Float64Array) =>
    x.length === y.length && x.every((value, index) => Object.is(value, y[index]));
  return same(a.real, b.real) && same(a.imaginary, b.imaginary);
}
