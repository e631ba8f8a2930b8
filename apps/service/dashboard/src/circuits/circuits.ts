export { drawSvg } from '@sema/simulator/drawing';
export { fusionCircuit } from './decision-circuit.ts';
export { entanglementMap } from './entanglement-map.ts';
export type { EntanglementMap } from './entanglement-map.ts';
