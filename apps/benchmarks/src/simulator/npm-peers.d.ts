// The parts of two untyped packages that the benchmark calls.

declare module 'jsqubits' {
  export interface QState {
    hadamard(qubit: number): QState;
    cnot(control: number, target: number): QState;
    controlledZ(control: number, target: number): QState;
    controlledR(control: number, target: number, angle: number): QState;
    swap(a: number, b: number): QState;
    rotateX(qubit: number, angle: number): QState;
    rotateY(qubit: number, angle: number): QState;
    rotateZ(qubit: number, angle: number): QState;
    amplitude(basisState: number): { magnitude(): number };
  }
  export function jsqubits(basisState: string): QState;
}

declare module 'quantum-circuit' {
  // eslint-disable-next-line no-restricted-syntax -- the package has a default export
  export default class QuantumCircuit {
    constructor(qubits: number);
    addGate(
      name: string,
      column: number,
      wires: number[],
      options: { params: Record<string, number> },
    ): void;
    run(): void;
    readonly state: Readonly<Record<string, { readonly re: number; readonly im: number }>>;
  }
}
