import { mulberry32 } from '@sema/simulator';
import { noisyMachine, type MachineMaker, type MachineNoise } from '@sema/qar';

/** A machine that errs, in words. */
export interface ErringMachine {
  readonly title: string;
  /** A new one, whose readings are drawn from the seed. */
  readonly maker: (seed: number) => MachineMaker;
}

const NOISE: readonly MachineNoise[] = [
  { gateError: 0, readoutError: 0, shots: 1000 },
  { gateError: 0, readoutError: 0, shots: 100 },
  // About what machines of today do, and what those of some years ago did.
  { gateError: 0.001, readoutError: 0.01, shots: 1000 },
  { gateError: 0.01, readoutError: 0.02, shots: 1000 },
];

export const ERRING_MACHINES: readonly ErringMachine[] = NOISE.map((noise) => {
  const { gateError, readoutError, shots } = noise;
  const [gate, reading] = [gateError, readoutError].map((rate) => `${String(100 * rate)} %`);
  const errors = `errors of ${gate} a CNOT and ${reading} a read-out`;
  return {
    title: `${String(shots)} shots, ${gateError === 0 ? 'no errors' : errors}`,
    maker: (seed) => noisyMachine(noise, mulberry32(seed)),
  };
});
