import { Compiler, type Circuit } from '@sema/simulator';
import { nodeThreads } from '@sema/simulator/threads';
import type { Clock } from '@sema/timing-buffer';
import { median, medianFigure, row, type Figure, type Row } from '../harness.ts';
import { BENCHMARK_CIRCUITS, type BenchmarkCircuit } from './circuits.ts';
import { openQasmText } from './openqasm-text.ts';
import {
  ENGINES,
  type Engine,
  type PeerRun,
  type Precision,
  type PythonPeers,
} from './python-peers.ts';

/** Largest difference of an amplitude: rounding of some hundred gates. */
const TOLERANCE = { f64: 1e-10, f32: 1e-4 } as const;

const THREADS = 2;

export interface NativeOptions {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly clock: Clock;
  /** Absent where the peers could not be installed: our own times are then shown alone. */
  readonly peers: PythonPeers | undefined;
  readonly say: (line: string) => void;
  readonly skipped: (reason: string) => void;
}

/**
 * The four circuits on two threads beside native simulators. All amplitudes are compared before
 * anything is timed; then the contenders take turns.
 */
export async function nativeRows(precision: Precision, options: NativeOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const ratios: number[] = [];
  using compiler = new Compiler({ threads: THREADS, workers: nodeThreads });
  for (const qubits of options.sizes) {
    for (const name of circuitNames()) {
      const times = await duel(compiler, name, qubits, precision, options);
      const label = `${name}, n = ${String(qubits)}, ${precision}, ${String(THREADS)} threads`;
      const measured = times.row(label);
      const { value, peer, peerValue, ratio } = measured;
      const beside =
        peerValue === null || ratio === null
          ? ''
          : `, ${peer ?? ''} ${peerValue.toFixed(1)} ms, ratio ${ratio.toFixed(2)}`;
      options.say(`${label}: ${value.toFixed(1)} ms${beside}`);
      rows.push(measured);
      if (times.ratio !== undefined) ratios.push(times.ratio);
    }
  }
  if (ratios.length > 0) {
    const product = ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0);
    rows.push(
      row({
        name: `geometric mean of our time over the best peer's, ${precision}`,
        value: Math.exp(product / ratios.length),
        unit: '×',
        goal: `state-vector-${precision}/geometric mean`,
      }),
    );
  }
  return rows;
}

function circuitNames(): readonly BenchmarkCircuit[] {
  return ['qft', 'brick', 'qaoa', 'hea'];
}

interface Times {
  readonly ratio: number | undefined;
  row(name: string): Row;
}

async function duel(
  compiler: Compiler,
  name: BenchmarkCircuit,
  qubits: number,
  precision: Precision,
  options: NativeOptions,
): Promise<Times> {
  const circuit = BENCHMARK_CIRCUITS[name](qubits);
  using program = compiler.compile(circuit, precision);
  using state = program.state();
  const ours = (): number => {
    const start = options.clock.nowNs();
    state.reset();
    program.run(state);
    return (options.clock.nowNs() - start) / 1e6;
  };
  ours();
  const engines = await readyPeers(circuit, state, precision, options);
  const samples = new Map<Engine | 'ours', PeerRun[]>([['ours', []]]);
  for (const engine of engines) samples.set(engine, []);
  // The largest states take seconds a run, and vary less.
  const rounds = qubits > 22 ? Math.min(3, options.rounds) : options.rounds;
  for (let round = 0; round < rounds; round++) {
    if (round > 0) dropSlowPeers(samples);
    const order = round % 2 === 0 ? [...samples] : [...samples].reverse();
    for (const [contender, runs] of order) {
      const theirs = contender === 'ours' ? undefined : await options.peers?.run(contender);
      runs.push(theirs ?? { milliseconds: ours(), threads: THREADS });
    }
  }
  await options.peers?.clear();
  return judged(samples, precision);
}

/** Slower than the fastest peer by this, a peer will not turn out to be the fastest. */
const HOPELESS = 2;

/** Takes out the peers that cannot be the best: they would take most of the time of the suite. */
function dropSlowPeers(samples: Map<Engine | 'ours', PeerRun[]>): void {
  const fastest = new Map<Engine, number>();
  for (const [name, runs] of samples) {
    if (name !== 'ours') fastest.set(name, Math.min(...runs.map((run) => run.milliseconds)));
  }
  const best = Math.min(...fastest.values());
  for (const [name, time] of fastest) if (time > HOPELESS * best) samples.delete(name);
}

/** Loads the circuit into every peer and compares all of their amplitudes with ours. */
async function readyPeers(
  circuit: Circuit,
  ours: { readonly real: ArrayLike<number>; readonly imaginary: ArrayLike<number> },
  precision: Precision,
  { peers, skipped }: NativeOptions,
): Promise<Engine[]> {
  const ready: Engine[] = [];
  if (peers === undefined) return ready;
  const qasm = openQasmText(circuit);
  for (const engine of ENGINES[precision]) {
    try {
      await peers.load(engine, precision, qasm);
    } catch (error) {
      skipped(`${engine}: it cannot run the circuit: ${String(error)}`);
      continue;
    }
    const gap = largestGap(ours, await peers.state(engine));
    if (!(gap < TOLERANCE[precision])) {
      throw new Error(`${engine} and ours differ by ${String(gap)} in an amplitude`);
    }
    ready.push(engine);
  }
  return ready;
}

function largestGap(
  { real, imaginary }: { readonly real: ArrayLike<number>; readonly imaginary: ArrayLike<number> },
  theirs: Float64Array,
): number {
  if (theirs.length !== 2 * real.length) return Infinity;
  let gap = 0;
  for (let k = 0; k < real.length; k++) {
    const real_ = Math.abs(real[k] - theirs[2 * k]);
    const imaginary_ = Math.abs(imaginary[k] - theirs[2 * k + 1]);
    gap = Math.max(gap, real_, imaginary_);
  }
  return gap;
}

/** A peer's name says how many threads it kept busy: not every build uses those it is given. */
function judged(
  samples: ReadonlyMap<Engine | 'ours', readonly PeerRun[]>,
  precision: Precision,
): Times {
  const ours = millisecondsOf(samples.get('ours') ?? []);
  let best: (Figure & { readonly name: string }) | undefined;
  for (const [name, runs] of samples) {
    if (name === 'ours') continue;
    const time = millisecondsOf(runs);
    const busy = median(runs.map(({ threads }) => threads)).toFixed(1);
    if (best === undefined || time.value < best.value) {
      best = { name: `${name}, ${busy} threads busy`, ...time };
    }
  }
  const peer = best === undefined ? {} : { peer: best };
  return {
    ratio: best === undefined ? undefined : ours.value / best.value,
    row: (name) =>
      row({ name, ...ours, unit: 'ms', goal: `state-vector-${precision}/each`, ...peer }),
  };
}

function millisecondsOf(runs: readonly PeerRun[]): Figure {
  return medianFigure(runs.map(({ milliseconds }) => milliseconds));
}
