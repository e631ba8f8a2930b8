export {
  type CliffordMap,
  cliffordFromPaulis,
  type LocalPauli,
} from './stabilizer/clifford-map.ts';
export { cliffordOfMatrix } from './stabilizer/clifford-of-matrix.ts';
export { runStabilizer } from './stabilizer/run-stabilizer.ts';
export { MAX_STABILIZER_QUBITS, StabilizerState } from './stabilizer/stabilizer-state.ts';
