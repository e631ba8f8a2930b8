import { type Circuit, innerProduct, run, StateVector } from '@sema/simulator';

/** The columns of a circuit's matrix. */
function columns(circuit: Circuit, parameters: ArrayLike<number>): StateVector[] {
  return Array.from({ length: 1 << circuit.qubits }, (_, k) => {
    const state = new StateVector(circuit.qubits);
    state.reset(k);
    run(circuit, state, { parameters });
    return state;
  });
}

/**
 * 1 − |tr(A†B)|/2^n of two circuits' matrices: 0 exactly when they are equal up to a global phase.
 */
export function unitaryDistance(
  a: Circuit,
  b: Circuit,
  parameters: ArrayLike<number> = [],
): number {
  const others = columns(b, parameters);
  let re = 0;
  let im = 0;
  for (const [k, column] of columns(a, parameters).entries()) {
    const product = innerProduct(column, others[k]);
    re += product.real;
    im += product.imaginary;
  }
  return 1 - Math.sqrt(re * re + im * im) / others.length;
}
