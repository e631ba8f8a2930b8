export { mutualInformation, partialTrace, vonNeumannEntropy } from './entanglement/entropy.ts';
export {
  averageGateFidelity,
  choiState,
  processFidelity,
  stateFidelity,
} from './entanglement/fidelities.ts';
export { hermitianEigenvalues, type SquareMatrix } from './entanglement/hermitian.ts';
export { concurrence, entanglementOfFormation, negativity } from './entanglement/measures.ts';
export {
  clusterStabilizers,
  clusterWitness,
  ghzStabilizers,
  ghzWitness,
} from './entanglement/witnesses.ts';
