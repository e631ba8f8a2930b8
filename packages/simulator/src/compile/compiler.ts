import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { Batch, SIDE_BY_SIDE_QUBITS } from './batch.ts';
import { type Lease, takeLease } from './lease.ts';
import { lower } from './lower.ts';
import { Memory, type Region } from './memory.ts';
import { simplify } from './plan.ts';
import { PlanCache } from './plan-cache.ts';
import { type Numbers, numbersOf, type Precision } from './precision.ts';
import { Program, type Segment } from './program.ts';
import { selectionsOf } from './selections.ts';
import { CompiledState, PlainRoom, type Room, stateBytes } from './state.ts';
import { hasRelaxedSimd, hasSimd } from './support.ts';
import { Team, type WorkerHost } from './team.ts';
import { Unit, type Workshop } from './unit.ts';

export interface CompilerOptions {
  /** How many threads run large states, the caller's among them; 1 to 64, 1 when absent. */
  readonly threads?: number;
  /** Starts the other threads; needed when `threads` is more than 1. */
  readonly workers?: WorkerHost;
  /**
   * Whether results have the same bits on every machine: true when absent. Otherwise multiplication
   * and addition are fused where the engine can; the last bits may then differ between machines,
   * though not between numbers of threads.
   */
  readonly reproducible?: boolean;
  /** How many structures are kept compiled, 64 when absent. */
  readonly cachedPlans?: number;
  /** The most bytes that states and programs may take together, 4 GiB when absent. */
  readonly memoryBytes?: number;
  /**
   * How many qubits' amplitudes are worked on at a time, 7 to 16: so many that they fit the
   * second-level cache; at least 8 in single precision. When absent up to 15 in double and
   * 16 in single precision, 512 KiB.
   */
  readonly tileQubits?: number;
  /** Whether to use vectors where the engine has them: true when absent. */
  readonly vectors?: boolean;
}

/** The largest states: 512 MiB in double, 1 GiB in single precision. */
const MOST_QUBITS = { f64: 25, f32: 27 } as const;
const MAX_THREADS = 64;
const MAX_BYTES = 4294967296;

/** Compiles circuits and holds the memory, the threads and the plans that their programs share. */
export class Compiler implements Disposable {
  readonly #memory: Memory | undefined;
  readonly #room: Room;
  readonly #plans: PlanCache | undefined;
  readonly #threads: number;
  readonly #isFused: boolean;
  readonly #team: Team | undefined;
  readonly #lease: Lease | undefined;
  #workspace: Region | undefined;
  #isDisposed = false;

  /** @throws {SimulatorError} `INVALID_THREADS`, `INVALID_TILE`, `WORKERS_MISSING` */
  constructor(options: CompilerOptions = {}) {
    const { threads = 1, workers, reproducible = true, cachedPlans = 64 } = options;
    const { memoryBytes = MAX_BYTES, vectors = true, tileQubits } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
      throw new SimulatorError('INVALID_THREADS', `${threads} threads are not in [1, 64]`);
    }
    if (threads > 1 && workers === undefined) {
      throw new SimulatorError('WORKERS_MISSING', `${threads} threads need options.workers`);
    }
    if (tileQubits !== undefined && !(tileQubits >= 7 && tileQubits <= 16)) {
      throw new SimulatorError('INVALID_TILE', `tiles of ${tileQubits} qubits are not in [7, 16]`);
    }
    this.#threads = threads;
    this.#isFused = !reproducible && hasRelaxedSimd();
    if (!(vectors && hasSimd())) {
      this.#room = new PlainRoom();
      return;
    }
    this.#memory = new Memory(Math.min(memoryBytes, MAX_BYTES), threads > 1);
    this.#room = this.#memory;
    this.#plans = new PlanCache(cachedPlans, this.#memory, tileQubits);
    if (workers === undefined || threads === 1) return;
    const team = new Team(threads, workers, this.#memory);
    this.#team = team;
    this.#lease = takeLease(this, () => {
      team[Symbol.dispose]();
    });
  }

  /** How many structures are kept compiled. */
  get cachedPlans(): number {
    return this.#plans?.size ?? 0;
  }

  /** Bytes that states and programs have taken so far, given back or not. */
  get memoryBytes(): number {
    return this.#memory?.bytes ?? 0;
  }

  /**
   * The state |0…0⟩ in this compiler's memory.
   *
   * @throws {SimulatorError} `INVALID_QUBIT_COUNT`, `TOO_MANY_QUBITS`, `OUT_OF_MEMORY`, `DISPOSED`
   */
  state<P extends Precision>(qubits: number, precision: P): CompiledState<P> {
    this.#checkAlive();
    checkSize(qubits, precision);
    return new CompiledState(qubits, precision, this.#room);
  }

  /**
   * A program for the circuit. Structures seen before are not compiled again.
   *
   * @param owned - disposed of with the program.
   * @throws {SimulatorError} `TOO_MANY_QUBITS`, `OUT_OF_MEMORY`, `DISPOSED`
   */
  compile<P extends Precision>(circuit: Circuit, precision: P, owned?: Disposable): Program<P> {
    this.#checkAlive();
    checkSize(circuit.qubits, precision);
    const numbers = numbersOf(precision, this.#isFused);
    const segments = this.#segments(circuit, numbers);
    return new Program(circuit, precision, segments, {
      owns: (state): state is CompiledState =>
        state instanceof CompiledState && state.isIn(this.#room),
      state: () => this.state(circuit.qubits, precision),
      batch: () => this.#batch(circuit, numbers),
      owned,
    });
  }

  /** Ends the threads and lets the memory go. Idempotent. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#lease?.[Symbol.dispose]();
    this.#plans?.clear();
  }

  #segments(circuit: Circuit, numbers: Numbers): Segment[] {
    const plans = this.#plans;
    const { operations, qubits } = circuit;
    if (plans === undefined || qubits < numbers.laneBits) return [{ kind: 'plain', operations }];
    const selections = selectionsOf(operations, qubits, numbers);
    if (selections !== undefined) {
      const turns = selections.flatMap((selection) => selection.turns);
      const plan = plans.selections(selections, circuit, numbers);
      const workshop = this.#workshop(numbers);
      return [
        { kind: 'compiled', unit: new Unit(turns, plan, circuit.parameters.length, workshop) },
      ];
    }
    return splitAtMeasurements(operations).map(({ isUnitary, part }): Segment => {
      if (!isUnitary) return { kind: 'plain', operations: part };
      const steps = simplify(lower(part));
      const plan = plans.get(steps, circuit, numbers);
      return {
        kind: 'compiled',
        unit: new Unit(steps, plan, circuit.parameters.length, this.#workshop(numbers)),
      };
    });
  }

  #batch(circuit: Circuit, numbers: Numbers): Batch | undefined {
    const { qubits, parameters } = circuit;
    if (this.#plans === undefined || qubits > SIDE_BY_SIDE_QUBITS) return undefined;
    // Side by side they would be phases, with other bits.
    if (selectionsOf(circuit.operations, qubits, numbers) !== undefined) return undefined;
    const steps = simplify(lower(circuit.operations));
    const plan = this.#plans.sideBySide(steps, circuit, numbers);
    return new Batch(steps, plan, qubits, parameters.length, this.#workshop(numbers));
  }

  #workshop(numbers: Numbers): Workshop {
    const memory = this.#memory;
    if (memory === undefined) throw new Error('a compiled program needs memory');
    return {
      memory,
      numbers,
      team: this.#team,
      workspace: (bytes) => this.#workspaceOf(memory, bytes),
    };
  }

  #workspaceOf(memory: Memory, bytes: number): { address: number; stride: number } {
    const needed = bytes * this.#threads;
    if (this.#workspace === undefined || this.#workspace.bytes < needed) {
      if (this.#workspace !== undefined) memory.giveBack(this.#workspace);
      this.#workspace = undefined;
      this.#workspace = memory.take(needed);
    }
    return { address: this.#workspace.address, stride: bytes };
  }

  #checkAlive(): void {
    if (this.#isDisposed) throw new SimulatorError('DISPOSED', 'the compiler has been disposed of');
  }
}

/**
 * A program with a compiler of its own, which is disposed of with it. For more than one circuit
 * make a Compiler.
 *
 * @throws {SimulatorError} `TOO_MANY_QUBITS`, `OUT_OF_MEMORY`, `INVALID_THREADS`, `WORKERS_MISSING`
 */
export function compile<P extends Precision = 'f64'>(
  circuit: Circuit,
  options: CompilerOptions & { readonly precision?: P } = {},
): Program<P> {
  const compiler = new Compiler(options);
  try {
    // P is 'f64' when no precision is given.
    return compiler.compile(circuit, options.precision ?? ('f64' as P), compiler);
  } catch (error) {
    compiler[Symbol.dispose]();
    throw error;
  }
}

function checkSize(qubits: number, precision: Precision): void {
  const most = MOST_QUBITS[precision];
  if (!Number.isInteger(qubits) || qubits < 0) {
    throw new SimulatorError('INVALID_QUBIT_COUNT', `${qubits} is not a number of qubits`);
  }
  if (qubits > most) {
    const bytes =
      qubits > 1000 ? `2^${qubits + 3}` : stateBytes(qubits, precision === 'f64' ? 8 : 4);
    throw new SimulatorError(
      'TOO_MANY_QUBITS',
      `${qubits} qubits in ${precision} need ${bytes} bytes; the limit is ${most} qubits`,
    );
  }
}

function splitAtMeasurements(
  operations: readonly Operation[],
): { isUnitary: boolean; part: Operation[] }[] {
  const parts: { isUnitary: boolean; part: Operation[] }[] = [];
  for (const operation of operations) {
    const { kind } = operation;
    const isUnitary = kind !== 'measure' && kind !== 'reset' && kind !== 'conditional';
    const last = parts.at(-1);
    if (last?.isUnitary === isUnitary) last.part.push(operation);
    else parts.push({ isUnitary, part: [operation] });
  }
  return parts;
}
