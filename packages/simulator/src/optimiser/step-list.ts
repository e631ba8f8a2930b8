import { SimulatorError } from '../errors.ts';
import { eighths, halved, isEighths, isZero, negated, type Phase } from './phase.ts';
import type { Step } from './step.ts';

/** As many steps as a circuit may have operations. */
const MAX_STEPS = 1 << 20;

/** Collects steps; gates under many controls are broken down as they come. */
export class StepList {
  readonly steps: Step[] = [];
  readonly #qubits: number;
  #blocks = 0;

  /** @param qubits - how many there are: those a gate does not touch may be borrowed. */
  constructor(qubits: number) {
    this.#qubits = qubits;
  }

  h(qubit: number): void {
    this.#push({ kind: 'h', qubit });
  }

  cx(control: number, target: number): void {
    this.#push({ kind: 'cx', control, target });
  }

  rz(phase: Phase, qubit: number): void {
    if (!isZero(phase)) this.#push({ kind: 'rz', qubit, phase });
  }

  /** Rotates by a multiple of π/4. */
  turn(count: number, qubit: number): void {
    this.rz(eighths(count), qubit);
  }

  /** X where all controls are 1. */
  flip(controls: readonly number[], target: number): void {
    const [a, b] = controls;
    if (controls.length === 0) this.#push({ kind: 'x', qubit: target });
    else if (controls.length === 1) this.cx(a, target);
    else if (controls.length === 2) {
      this.h(target);
      this.#doublyControlledZ(a, b, target);
      this.h(target);
    } else this.#manyControlledFlip(controls, target);
  }

  /** e^(i·phase) where the controls and the target are all 1, for which order does not matter. */
  phase(phase: Phase, controls: readonly number[], target: number): void {
    if (controls.length === 0) {
      this.rz(phase, target);
      return;
    }
    if (isEighths(phase, 4)) {
      if (controls.length === 2) {
        this.#doublyControlledZ(controls[0], controls[1], target);
        return;
      }
      this.h(target);
      this.flip(controls, target);
      this.h(target);
      return;
    }
    const half = halved(phase);
    this.rz(half, target);
    this.flip(controls, target);
    this.rz(negated(half), target);
    this.flip(controls, target);
    this.phase(half, controls.slice(0, -1), controls[controls.length - 1]);
  }

  /**
   * Rz(angle) where the controls are all 1.
   *
   * @param half - half of the angle, given apart because an angle is known only modulo 2π.
   */
  rotateZ(angle: Phase, half: Phase, controls: readonly number[], target: number): void {
    if (controls.length === 0) {
      this.rz(angle, target);
      return;
    }
    this.rz(half, target);
    this.flip(controls, target);
    this.rz(negated(half), target);
    this.flip(controls, target);
  }

  /** Seven T gates: the parities of the three qubits, each with its sign. */
  #doublyControlledZ(a: number, b: number, c: number): void {
    const block = this.#blocks++;
    const turn = (sign: 1 | -1, qubit: number): void => {
      this.#push({ kind: 'rz', qubit, phase: eighths(sign), block });
    };
    this.cx(b, c);
    turn(-1, c);
    this.cx(a, c);
    turn(1, c);
    this.cx(b, c);
    turn(-1, c);
    this.cx(a, c);
    turn(1, c);
    turn(1, b);
    this.cx(a, b);
    turn(-1, b);
    this.cx(a, b);
    turn(1, a);
  }

  /** Three controls or more. */
  #manyControlledFlip(controls: readonly number[], target: number): void {
    const used = new Set([...controls, target]);
    const free: number[] = [];
    for (let q = 0; q < this.#qubits; q++) if (!used.has(q)) free.push(q);
    if (free.length >= controls.length - 2) {
      this.#ladder(controls, target, free);
    } else if (free.length > 0) {
      this.#halves(controls, target, free[0]);
    } else {
      this.h(target);
      this.#borrowingPhase(controls, target);
      this.h(target);
    }
  }

  /** Barenco et al., Lemma 7.2: Toffoli gates up and down a ladder of borrowed qubits, twice. */
  #ladder(controls: readonly number[], target: number, free: readonly number[]): void {
    const rungs = controls.length - 2;
    const chain = [...free.slice(0, rungs), target];
    for (let pass = 0; pass < 2; pass++) {
      const top = pass === 0 ? rungs : rungs - 1;
      for (let k = top; k > 0; k--) this.flip([controls[k + 1], chain[k - 1]], chain[k]);
      this.flip([controls[0], controls[1]], chain[0]);
      for (let k = 1; k <= top; k++) this.flip([controls[k + 1], chain[k - 1]], chain[k]);
    }
  }

  /** Barenco et al., Lemma 7.3: two halves meet in one borrowed qubit, twice. */
  #halves(controls: readonly number[], target: number, free: number): void {
    const split = Math.ceil((controls.length + 1) / 2);
    const first = controls.slice(0, split);
    const second = [...controls.slice(split), free];
    for (let pass = 0; pass < 2; pass++) {
      this.flip(first, free);
      this.flip(second, target);
    }
  }

  /** Z under many controls with no qubit to borrow but those it acts on (Lemma 7.5). */
  #borrowingPhase(controls: readonly number[], target: number): void {
    let turn = eighths(4);
    let rest = controls;
    while (rest.length > 1) {
      const last = rest[rest.length - 1];
      rest = rest.slice(0, -1);
      turn = halved(turn);
      this.phase(turn, [last], target);
      this.flip(rest, last);
      this.phase(negated(turn), [last], target);
      this.flip(rest, last);
    }
    this.phase(turn, rest, target);
  }

  #push(step: Step): void {
    if (this.steps.length === MAX_STEPS) {
      throw new SimulatorError('TOO_MANY_OPERATIONS', `the circuit needs over ${MAX_STEPS} gates`);
    }
    this.steps.push(step);
  }
}
