import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import { type GateName, GATES } from '../gates.ts';
import type { Operation } from '../operation.ts';
import { checkQubit } from '../qubits.ts';
import { type Channel, checkProbability } from './channels.ts';
import { type PreparedChannel, prepared } from './prepared-channel.ts';

/** What noise rules call an operation: its gate's name, its own controls included, or its kind. */
export type NoisyName = GateName | 'controlled' | 'unitary' | 'diagonal' | 'multiplexed' | 'reset';

/**
 * A channel that follows operations. One on a single qubit acts on every qubit of the operation;
 * one on k qubits acts on operations of exactly k qubits, in their order, controls first. Each
 * filter narrows the rule; absent, it lets everything through.
 */
export interface GateNoise {
  readonly channel: Channel;
  /** Only after these. A gate with more controls than any named one has is 'controlled'. */
  readonly names?: readonly NoisyName[];
  /** Only after operations on so many qubits. */
  readonly operands?: number;
  /** Only after operations all of whose qubits are among these. */
  readonly qubits?: readonly number[];
}

/**
 * Noise of qubits that wait. Every operation starts as soon as its qubits are free; a qubit that
 * was free earlier has waited, and so has one that is done before the last. A barrier waits for all
 * its qubits.
 */
export interface IdleNoise {
  /** How long an operation takes: finite and not negative. Never asked for barriers. */
  readonly duration: (operation: Operation) => number;
  /** What a qubit suffers that waits for a time above 0: a channel on one qubit. */
  readonly channel: (qubit: number, time: number) => Channel;
}

/** The probabilities that a measurement reports the other outcome. */
export interface ReadoutError {
  readonly oneGivenZero: number;
  readonly zeroGivenOne: number;
}

/** What goes wrong in a circuit; what is absent goes right. */
export interface NoiseModel {
  /** Every rule that fits an operation applies, in this order. */
  readonly gates?: readonly GateNoise[];
  readonly idle?: IdleNoise;
  /** On the qubit just before each measurement. */
  readonly measurement?: Channel;
  /** Of every measurement, or by qubit. */
  readonly readout?: ReadoutError | readonly ReadoutError[];
}

type UnitaryOperation = Exclude<
  Operation,
  { readonly kind: 'measure' | 'reset' | 'barrier' | 'conditional' }
>;

/** What rules of gate noise may follow. */
type Disturbed = UnitaryOperation | Extract<Operation, { readonly kind: 'reset' }>;

/** One step of a circuit with its noise. */
export type NoisyStep =
  | UnitaryOperation
  | { readonly kind: 'reset'; readonly qubit: number }
  | {
      readonly kind: 'channel';
      readonly channel: PreparedChannel;
      readonly qubits: readonly number[];
    }
  | {
      readonly kind: 'measure';
      readonly qubit: number;
      readonly bit: number;
      readonly readout: ReadoutError;
    }
  | {
      readonly kind: 'conditional';
      readonly bits: readonly number[];
      readonly value: number;
      readonly steps: readonly NoisyStep[];
      /** What the qubits suffer that wait while nothing is done. */
      readonly otherwise: readonly NoisyStep[];
    };

const PERFECT: ReadoutError = { oneGivenZero: 0, zeroGivenOne: 0 };

/**
 * The steps of a circuit with the channels of a noise model put in.
 *
 * @throws {SimulatorError} `NOT_COMPLETE`, `NOT_FINITE` or `WRONG_LENGTH` for what is no channel,
 *   `QUBIT_COUNT_MISMATCH` where one on a single qubit is due, `INVALID_PROBABILITY`,
 *   `INVALID_TIME`
 */
export function withNoise(circuit: Circuit, noise: NoiseModel): NoisyStep[] {
  return new Weaver(circuit.qubits, noise).weave(circuit.operations);
}

class Weaver {
  readonly #noise: NoiseModel;
  readonly #rules: readonly { readonly rule: GateNoise; readonly channel: PreparedChannel }[];
  readonly #measurement: PreparedChannel | undefined;
  /** When each qubit is free. */
  readonly #free: Float64Array;

  constructor(qubits: number, noise: NoiseModel) {
    const { gates = [], measurement, readout } = noise;
    this.#noise = noise;
    this.#rules = gates.map((rule) => ({ rule, channel: prepared(rule.channel) }));
    this.#measurement = measurement && singleQubit(measurement);
    this.#free = new Float64Array(qubits);
    const errors = readout === undefined ? [] : 'length' in readout ? readout : [readout];
    for (const { oneGivenZero, zeroGivenOne } of errors) {
      checkProbability(oneGivenZero);
      checkProbability(zeroGivenOne);
    }
  }

  weave(operations: readonly Operation[]): NoisyStep[] {
    const steps: NoisyStep[] = [];
    for (const operation of operations) this.#add(operation, steps);
    this.#waitForAll(allQubits(this.#free.length), steps);
    return steps;
  }

  #add(operation: Operation, steps: NoisyStep[]): void {
    const qubits = qubitsOf(operation);
    this.#waitForAll(qubits, steps);
    switch (operation.kind) {
      case 'barrier':
        return;
      case 'measure':
        if (this.#measurement !== undefined) {
          steps.push({ kind: 'channel', channel: this.#measurement, qubits });
        }
        steps.push({ ...operation, readout: this.#readoutOf(operation.qubit) });
        break;
      case 'conditional':
        this.#addConditional(operation, qubits, steps);
        return;
      default:
        steps.push(operation);
        this.#addGateNoise(operation, qubits, steps);
    }
    const time = this.#durationOf(operation);
    for (const qubit of qubits) this.#free[qubit] += time;
  }

  /** The time of its operations passes for its qubits whether they run or not. */
  #addConditional(
    operation: Extract<Operation, { readonly kind: 'conditional' }>,
    qubits: readonly number[],
    steps: NoisyStep[],
  ): void {
    const start = this.#free.slice();
    const body: NoisyStep[] = [];
    for (const inner of operation.operations) this.#add(inner, body);
    this.#waitForAll(qubits, body);
    const otherwise: NoisyStep[] = [];
    for (const qubit of qubits) this.#wait(qubit, this.#free[qubit] - start[qubit], otherwise);
    const { kind, bits, value } = operation;
    steps.push({ kind, bits, value, steps: body, otherwise });
  }

  #addGateNoise(operation: Disturbed, qubits: readonly number[], steps: NoisyStep[]): void {
    const name = nameOf(operation);
    for (const { rule, channel } of this.#rules) {
      const fits =
        (rule.names?.includes(name) ?? true) &&
        (rule.operands ?? qubits.length) === qubits.length &&
        qubits.every((qubit) => rule.qubits?.includes(qubit) ?? true);
      if (!fits) continue;
      if (channel.qubits === qubits.length) steps.push({ kind: 'channel', channel, qubits });
      else if (channel.qubits === 1) {
        for (const qubit of qubits) steps.push({ kind: 'channel', channel, qubits: [qubit] });
      }
    }
  }

  /** Lets the qubits wait for the last of them to be free. */
  #waitForAll(qubits: readonly number[], steps: NoisyStep[]): void {
    let last = 0;
    for (const qubit of qubits) last = Math.max(last, this.#free[qubit]);
    for (const qubit of qubits) {
      this.#wait(qubit, last - this.#free[qubit], steps);
      this.#free[qubit] = last;
    }
  }

  #wait(qubit: number, time: number, steps: NoisyStep[]): void {
    const { idle } = this.#noise;
    if (idle === undefined || time === 0) return;
    const channel = singleQubit(idle.channel(qubit, time));
    steps.push({ kind: 'channel', channel, qubits: [qubit] });
  }

  #durationOf(operation: Operation): number {
    const time = this.#noise.idle?.duration(operation) ?? 0;
    if (!(time >= 0 && time < Infinity)) {
      throw new SimulatorError('INVALID_TIME', `a ${operation.kind} cannot take the time ${time}`);
    }
    return time;
  }

  #readoutOf(qubit: number): ReadoutError {
    const { readout = PERFECT } = this.#noise;
    if (!('length' in readout)) return readout;
    checkQubit(qubit, readout.length);
    return readout[qubit];
  }
}

function singleQubit(channel: Channel): PreparedChannel {
  if (channel.qubits !== 1) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `a channel on ${channel.qubits} qubits stands where one on a single qubit is due`,
    );
  }
  return prepared(channel);
}

function allQubits(count: number): number[] {
  return Array.from({ length: count }, (_, qubit) => qubit);
}

/** All the qubits of an operation, controls first. */
function qubitsOf(operation: Operation): readonly number[] {
  switch (operation.kind) {
    case 'gate':
      return [...operation.controls, ...operation.targets];
    case 'multiplexed':
      return [...operation.controls, operation.target];
    case 'measure':
    case 'reset':
      return [operation.qubit];
    case 'conditional':
      return [...new Set(operation.operations.flatMap(qubitsOf))];
    default:
      return operation.qubits;
  }
}

function nameOf(operation: Disturbed): NoisyName {
  if (operation.kind !== 'gate') return operation.kind;
  const { gate, controls } = operation;
  const named = Object.values(GATES).find(
    ({ base, controls: count }) => base === gate && count === controls.length,
  );
  return named?.name ?? 'controlled';
}
