import { atan2 } from '../elementary.ts';
import type { BaseGateName } from '../gates.ts';
import type { Operation } from '../operation.ts';
import { fillOffsets, maskOf } from '../qubits.ts';
import { fixed, type Linear, linear, plus, times } from './linear.ts';
import type { Step } from './step.ts';

const HALF = fixed(Math.PI / 2);
const MINUS_HALF = fixed(-Math.PI / 2);
const WHOLE = fixed(Math.PI);

/** Tables over more qubits than this stay tables: as phases they would be too many. */
const MAX_PHASES_QUBITS = 3;
/** Matrices on more qubits than this find no room in registers. */
const MAX_MATRIX_QUBITS = 3;

/** Unitary operations as rotations, phases, permutations, tables and what has to stay whole. */
export function lower(operations: readonly Operation[]): Step[] {
  const lowering = new Lowering();
  for (const operation of operations) lowering.add(operation);
  return lowering.steps;
}

type Rule = (
  lowering: Lowering,
  controls: number,
  targets: readonly number[],
  angles: readonly Linear[],
) => void;

const phaseGate =
  (angle: number): Rule =>
  (lowering, controls, [target]) => {
    lowering.phase(controls | target, fixed(angle));
  };

const iswap =
  (sign: number): Rule =>
  (lowering, controls, [a, b]) => {
    lowering.swap(a, b, controls);
    lowering.phase(controls | a, fixed((sign * Math.PI) / 2));
    lowering.phase(controls | b, fixed((sign * Math.PI) / 2));
    lowering.phase(controls | a | b, fixed(-sign * Math.PI));
  };

const squareRootOfX =
  (sign: number): Rule =>
  (lowering, controls, [target]) => {
    lowering.phase(controls, fixed((sign * Math.PI) / 4));
    lowering.rotateX(target, fixed((sign * Math.PI) / 2), controls);
  };

/** Each base gate under any controls. Targets and controls are masks. */
const RULES: Readonly<Record<BaseGateName, Rule>> = {
  id: () => undefined,
  x: (lowering, controls, [target]) => {
    lowering.flip(target, controls);
  },
  y: (lowering, controls, [target]) => {
    lowering.phase(controls, HALF);
    lowering.phase(controls | target, WHOLE);
    lowering.flip(target, controls);
  },
  z: phaseGate(Math.PI),
  h: (lowering, controls, [target]) => {
    if (controls === 0) lowering.universal(target, HALF, fixed(0), WHOLE, 0);
    else {
      // H is Z seen from an axis turned by a quarter of π.
      lowering.rotate(target, fixed(-Math.PI / 4));
      lowering.phase(controls | target, WHOLE);
      lowering.rotate(target, fixed(Math.PI / 4));
    }
  },
  s: phaseGate(Math.PI / 2),
  sdg: phaseGate(-Math.PI / 2),
  t: phaseGate(Math.PI / 4),
  tdg: phaseGate(-Math.PI / 4),
  sx: squareRootOfX(1),
  sxdg: squareRootOfX(-1),
  rx: (lowering, controls, [target], [angle]) => {
    lowering.rotateX(target, angle, controls);
  },
  ry: (lowering, controls, [target], [angle]) => {
    lowering.rotateY(target, angle, controls);
  },
  rz: (lowering, controls, [target], [angle]) => {
    lowering.rotateZ(target, angle, controls);
  },
  p: (lowering, controls, [target], [angle]) => {
    lowering.phase(controls | target, angle);
  },
  u: (lowering, controls, [target], [theta, phi, lambda]) => {
    lowering.universal(target, theta, phi, lambda, controls);
  },
  swap: (lowering, controls, [a, b]) => {
    lowering.swap(a, b, controls);
  },
  iswap: iswap(1),
  iswapdg: iswap(-1),
  rxx: (lowering, controls, [a, b], [angle]) => {
    lowering.rotateXX(a, b, angle, controls);
  },
  ryy: (lowering, controls, [a, b], [angle]) => {
    for (const target of [a, b]) lowering.phase(target, MINUS_HALF);
    lowering.rotateXX(a, b, angle, controls);
    for (const target of [a, b]) lowering.phase(target, HALF);
  },
  rzz: (lowering, controls, [a, b], [angle]) => {
    lowering.rotateZZ(a, b, angle, controls);
  },
};

class Lowering {
  readonly steps: Step[] = [];
  add(operation: Operation): void {
    switch (operation.kind) {
      case 'gate': {
        const targets = operation.targets.map((qubit) => 1 << qubit);
        const angles = operation.angles.map(linear);
        RULES[operation.gate](this, maskOf(operation.controls), targets, angles);
        break;
      }
      case 'unitary':
        this.#matrix(operation);
        break;
      case 'diagonal':
        this.#diagonal(operation);
        break;
      case 'multiplexed':
        this.#multiplexed(operation);
        break;
      default:
        break;
    }
  }

  rotate(target: number, angle: Linear): void {
    this.steps.push({ kind: 'rotation', target, angle });
  }

  phase(mask: number, angle: Linear): void {
    this.steps.push({ kind: 'phase', mask, angle });
  }

  flip(target: number, controls: number): void {
    if ((controls & (controls - 1)) === 0) {
      this.steps.push({ kind: 'flip', target, control: controls });
      return;
    }
    // X is Z seen from an axis turned by half of π.
    this.rotate(target, MINUS_HALF);
    this.phase(controls | target, WHOLE);
    this.rotate(target, HALF);
  }

  swap(first: number, second: number, controls: number): void {
    if (controls === 0) {
      this.steps.push({ kind: 'swap', first, second });
      return;
    }
    this.flip(first, second);
    this.flip(second, controls | first);
    this.flip(first, second);
  }

  rotateZ(target: number, angle: Linear, controls: number): void {
    this.phase(controls, times(angle, -0.5));
    this.phase(controls | target, angle);
  }

  rotateY(target: number, angle: Linear, controls: number): void {
    if (controls === 0) {
      this.rotate(target, angle);
      return;
    }
    this.phase(target, MINUS_HALF);
    this.rotateX(target, angle, controls);
    this.phase(target, HALF);
  }

  rotateX(target: number, angle: Linear, controls: number): void {
    if (controls === 0) {
      this.universal(target, angle, MINUS_HALF, HALF, 0);
      return;
    }
    this.rotate(target, MINUS_HALF);
    this.rotateZ(target, angle, controls);
    this.rotate(target, HALF);
  }

  rotateZZ(a: number, b: number, angle: Linear, controls: number): void {
    this.phase(controls, times(angle, -0.5));
    this.phase(controls | a, angle);
    this.phase(controls | b, angle);
    this.phase(controls | a | b, times(angle, -2));
  }

  rotateXX(a: number, b: number, angle: Linear, controls: number): void {
    for (const target of [a, b]) this.rotate(target, MINUS_HALF);
    this.rotateZZ(a, b, angle, controls);
    for (const target of [a, b]) this.rotate(target, HALF);
  }

  /** The gate `u`: a phase, a rotation, a phase. */
  universal(target: number, theta: Linear, phi: Linear, lambda: Linear, controls: number): void {
    this.phase(controls | target, lambda);
    this.rotateY(target, theta, controls);
    this.phase(controls | target, phi);
  }

  #matrix(operation: Extract<Operation, { kind: 'unitary' }>): void {
    const { qubits, matrix } = operation;
    const mask = maskOf(qubits);
    if (qubits.length === 1) this.#unitary(matrix, qubits[0]);
    else if (qubits.length <= MAX_MATRIX_QUBITS) {
      this.steps.push({ kind: 'matrix', qubits, mask, matrix });
    } else this.steps.push({ kind: 'opaque', operation, mask });
  }

  #diagonal(operation: Extract<Operation, { kind: 'diagonal' }>): void {
    const { qubits, entries } = operation;
    if (qubits.length <= MAX_PHASES_QUBITS) {
      const angles = Array.from({ length: entries.length / 2 }, (_, m) =>
        fixed(atan2(entries[2 * m + 1], entries[2 * m])),
      );
      this.#phases(qubits, angles);
    } else this.steps.push({ kind: 'table', qubits, mask: maskOf(qubits), entries });
  }

  /** A 2×2 unitary is e^(iα) times the gate `u`. Where an entry is 0 its phase does not matter. */
  #unitary(m: Float64Array, qubit: number): void {
    const cosine = Math.sqrt(m[0] * m[0] + m[1] * m[1]);
    const sine = Math.sqrt(m[4] * m[4] + m[5] * m[5]);
    const alpha = atan2(m[1], m[0]);
    const phi = atan2(m[5], m[4]) - alpha;
    const lambda = cosine >= sine ? atan2(m[7], m[6]) - alpha - phi : atan2(-m[3], -m[2]) - alpha;
    const theta = 2 * atan2(sine, cosine);
    this.phase(0, fixed(alpha));
    this.universal(1 << qubit, fixed(theta), fixed(phi), fixed(lambda), 0);
  }

  #multiplexed(operation: Extract<Operation, { kind: 'multiplexed' }>): void {
    const { axis, controls, angles } = operation;
    const target = 1 << operation.target;
    const isLarge = controls.length > MAX_PHASES_QUBITS;
    if (axis === 'y') this.phase(target, MINUS_HALF);
    if (axis !== 'z') this.rotate(target, MINUS_HALF);
    const list = angles.map(linear);
    const halves = [-0.5, 0.5].map((factor) => list.map((angle) => times(angle, factor)));
    if (isLarge) {
      const qubits = [...controls, operation.target];
      this.steps.push({ kind: 'table', qubits, mask: maskOf(qubits), entries: halves.flat() });
    } else {
      this.#phases(controls, halves[0]);
      this.#phases(controls, list, target);
    }
    if (axis !== 'z') this.rotate(target, HALF);
    if (axis === 'y') this.phase(target, HALF);
  }

  /** Phase angles[m] where the qubits read m and those of `also` are 1, by Möbius inversion. */
  #phases(qubits: readonly number[], angles: readonly Linear[], also = 0): void {
    const terms = [...angles];
    qubits.forEach((_, k) => {
      for (let m = 0; m < terms.length; m++) {
        if ((m >> k) & 1) terms[m] = plus(terms[m], terms[m ^ (1 << k)], -1);
      }
    });
    const masks = new Int32Array(terms.length);
    fillOffsets(qubits, masks);
    terms.forEach((term, m) => {
      this.phase(masks[m] | also, term);
    });
  }
}
