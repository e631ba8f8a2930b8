/** One line of the table of targets, and what it is measured beside. */
interface TargetLine {
  readonly what: string;
  readonly beside: string;
}

/** What Sema is to reach on two cores, line by line. */
export const TARGETS = {
  'state-vector-f64': {
    what: 'State vector f64, 2 threads, n = 20, 22, 24, circuits qft, brick, qaoa, hea',
    beside: 'Qulacs, Lightning, Aer',
  },
  'state-vector-f32': {
    what: 'The same in f32',
    beside: 'qsim at its best fusion width, Lightning, Aer',
  },
  'two-threads': { what: '2 threads over 1 at n ≥ 20', beside: 'Amdahl: 2' },
  'first-run': { what: 'Plan and compile before a first run at n = 20', beside: 'that run' },
  'small-circuits': {
    what: 'Small circuits, compiled, parameters bound each time',
    beside: 'qsim, Qulacs, Lightning',
  },
  npm: { what: 'n = 10 against npm simulators', beside: 'quantum-circuit, jsqubits' },
  ring: { what: 'Ring insert, 16 values', beside: 'plain typed-array store, denque' },
  window: { what: 'Closing a window of 10² … 10⁶ entries', beside: 'rescan' },
  threads: { what: 'Cross-thread record', beside: 'postMessage' },
  scheduler: { what: 'Scheduler at 1 kHz', beside: 'setTimeout' },
  'quantum-memory': {
    what: 'Quantum memory over 50 ms at declared parameters',
    beside: 'unprotected qubit, theory, PyMatching',
  },
  estimation: { what: 'Amplitude estimation', beside: 'Monte Carlo, slope 2' },
  decision: {
    what: 'Decision, all 14 experts and three algorithms, on one core',
    beside: 'the classical twin',
  },
  backtest: { what: 'Backtest with everything on', beside: 'the classical twin, freqtrade' },
  service: { what: 'Service at 1 000 candles/s', beside: 'what was asked' },
  'node-crypto': { what: 'node:crypto algorithms, per call', beside: 'OpenSSL' },
  batch: { what: '100 ML-DSA-65 signed items', beside: 'plain signing' },
  items: { what: 'Post-quantum-authenticated items, per core', beside: 'own proofs, alone' },
  keys: { what: 'Fresh key pair, adaptive token, verify (Ed25519)', beside: 'made on the spot' },
  snapshot: {
    what: 'Snapshot of a dense 20-qubit state, with checksum',
    beside: 'JSON, msgpackr, SHA-256 alone',
  },
  leases: { what: 'Lease and return a qubit set', beside: 'every lease returned' },
} as const satisfies Readonly<Record<string, TargetLine>>;

export type TargetName = keyof typeof TARGETS;

/** The bound a value must keep, in the unit of its rows. */
export type Bound =
  | { readonly atMost: number; readonly unit: string }
  | { readonly atLeast: number; readonly unit: string }
  /** Times the figure of the peer beside it. */
  | { readonly atMostOfPeer: number };

/**
 * What each target demands. A row names its goal and gets the bound from here, so it is written
 * once; before the slash stands the target.
 */
export const GOALS = {
  'state-vector-f64/geometric mean': { atMost: 0.5, unit: '×' },
  'state-vector-f64/each': { atMostOfPeer: 1.3 },
  'state-vector-f32/geometric mean': { atMost: 0.6, unit: '×' },
  'state-vector-f32/each': { atMostOfPeer: 1.5 },
  'two-threads/speed-up': { atLeast: 1.8, unit: '×' },
  'first-run/share': { atMost: 25, unit: '%' },
  'small-circuits/4 qubits, 70 gates': { atMost: 300, unit: 'ns' },
  'small-circuits/3-qubit decision': { atMost: 100, unit: 'ns' },
  'npm/times faster': { atLeast: 500, unit: '×' },
  'ring/claim and commit': { atMost: 8, unit: 'ns' },
  'ring/copying': { atMost: 12, unit: 'ns' },
  'ring/allocated': { atMost: 0, unit: 'bytes' },
  'window/close': { atMost: 200, unit: 'ns' },
  'threads/batched': { atLeast: 50, unit: 'M/s' },
  'threads/spinning, p50': { atMost: 1, unit: 'µs' },
  'scheduler/p50': { atMost: 1, unit: 'µs' },
  'scheduler/p99': { atMost: 10, unit: 'µs' },
  'scheduler/share of a core': { atMost: 15, unit: '%' },
  // Less than a period after seconds: what drifts is late by more and more.
  'scheduler/drift': { atMost: 1000, unit: 'µs' },
  'quantum-memory/fidelity': { atLeast: 0.95, unit: '' },
  // Halves of the 95 % interval.
  'quantum-memory/off theory': { atMost: 1, unit: 'bands' },
  'quantum-memory/equal weights': { atLeast: 1000, unit: '' },
  'estimation/slope, at most': { atMost: 1.05, unit: '' },
  'estimation/slope, at least': { atLeast: 0.95, unit: '' },
  'estimation/coverage': { atLeast: 0.95, unit: 'of intervals' },
  'estimation/calls × ε': { atMost: 25, unit: 'calls' },
  'decision/p50': { atMost: 100, unit: 'µs' },
  'decision/p99': { atMost: 500, unit: 'µs' },
  'decision/rate': { atLeast: 10_000, unit: '/s' },
  'decision/fallback, p99': { atMost: 50, unit: 'µs' },
  'backtest/rate': { atLeast: 5000, unit: 'candles/s' },
  'backtest/memory': { atMost: 1.05, unit: '×' },
  // 1 000 a second; the way back of the last decision is part of the time.
  'service/decisions': { atLeast: 999, unit: '1/s' },
  'service/p99': { atMost: 2, unit: 'ms' },
  'service/lost': { atMost: 0, unit: '' },
  'service/memory': { atMost: 1.05, unit: '×' },
  'node-crypto/call': { atMostOfPeer: 1.1 },
  'batch/native': { atMost: 1, unit: 'ms' },
  'batch/without native support': { atMost: 8, unit: 'ms' },
  'items/rate': { atLeast: 100_000, unit: '/s' },
  'keys/fresh': { atMost: 5, unit: 'µs' },
  'keys/token': { atMost: 0.5, unit: 'ms' },
  'keys/verify': { atMost: 0.15, unit: 'ms' },
  'snapshot/rate': { atLeast: 0.8, unit: 'GB/s' },
  'leases/time': { atMost: 1, unit: 'µs' },
  'leases/lost': { atMost: 0, unit: 'qubits' },
} as const satisfies Readonly<Record<`${TargetName}/${string}`, Bound>>;

export type Goal = keyof typeof GOALS;

export function targetOf(goal: Goal): TargetName {
  // A goal begins with the name of its target, as its type says.
  return goal.slice(0, goal.indexOf('/')) as TargetName;
}
