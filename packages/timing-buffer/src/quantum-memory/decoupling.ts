import { Circuit } from '@sema/simulator';
import { cos, sin } from '@sema/simulator/elementary';
import { TimingBufferError } from '../errors.ts';

const MAX_PULSES = 4096;
/** Samples of the filter in each unit of frequency times time; it changes over about 1. */
const SAMPLES = 8;

/** Half turns given to a waiting qubit so that slow disturbances cancel. */
export interface PulseSequence {
  readonly name: string;
  readonly pulses: readonly {
    /** When, as a part of the whole wait, in (0, 1), rising. */
    readonly at: number;
    readonly axis: 'X' | 'Y';
  }[];
}

/** No pulse: free precession. */
export const FREE_PRECESSION: PulseSequence = Object.freeze({
  name: 'free',
  pulses: Object.freeze([]),
});

/** One pulse in the middle (Hahn 1950). */
export const HAHN_ECHO: PulseSequence = Object.freeze({
  name: 'Hahn',
  pulses: Object.freeze([{ at: 0.5, axis: 'X' } as const]),
});

/**
 * Pulses at (k − 1/2)/n about one axis (Carr & Purcell 1954, Meiboom & Gill 1958). Errors of the
 * pulses add up unless the qubit points along X.
 *
 * @param count - 1 to 4096.
 * @throws {TimingBufferError} `PULSES_OUT_OF_RANGE`
 */
export function cpmg(count: number): PulseSequence {
  checkCount(count);
  return { name: `CPMG-${count}`, pulses: evenly(count, () => 'X') };
}

/**
 * The times of CPMG, about X and Y in turns, so that errors of the pulses cancel for every state
 * (Maudsley 1986).
 *
 * @param repeats - of four pulses: 1 to 1024.
 * @throws {TimingBufferError} `PULSES_OUT_OF_RANGE`
 */
export function xy4(repeats: number): PulseSequence {
  checkCount(4 * repeats);
  checkCount(repeats);
  return {
    name: `XY4 × ${repeats}`,
    pulses: evenly(4 * repeats, (k) => (k % 2 === 0 ? 'X' : 'Y')),
  };
}

function evenly(count: number, axis: (k: number) => 'X' | 'Y'): PulseSequence['pulses'] {
  return Array.from({ length: count }, (_, k) => ({ at: (k + 0.5) / count, axis: axis(k) }));
}

/**
 * How much of a disturbance of angular frequency ω gets through in a wait t, at z = ωt:
 * F(z) = |1 − (−1)^n e^{iz} + 2 Σ (−1)^k e^{iz·at_k}|²/2. Free precession 2 sin²(z/2), Hahn
 * 8 sin⁴(z/4).
 *
 * @see Cywiński, Lutchyn, Nave & Das Sarma (2008), arXiv:0712.2225
 */
export function filterFunction({ pulses }: PulseSequence, z: number): number {
  const end = pulses.length % 2 === 0 ? -1 : 1;
  let re = 1 + end * cos(z);
  let im = end * sin(z);
  pulses.forEach(({ at }, k) => {
    const sign = k % 2 === 0 ? -2 : 2;
    re += sign * cos(z * at);
    im += sign * sin(z * at);
  });
  return (re * re + im * im) / 2;
}

/**
 * The exponent χ of the coherence e^(−χ) that is left after a wait:
 * χ = (1/π) ∫ S(ω) F(ωt)/ω² dω over ω > 0. By the midpoint rule; about 1 in 1000 for spectra that
 * change slowly. O(n²) evaluations for n pulses.
 *
 * @param spectrum - S(ω), the noise of the qubit's angular frequency, for every ω > 0; ω and `time`
 *   in inverse units.
 * @param time - above 0.
 * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE`
 */
export function dephasingExponent(
  sequence: PulseSequence,
  spectrum: (angularFrequency: number) => number,
  time: number,
): number {
  if (!(time > 0 && time < Infinity)) {
    throw new TimingBufferError('DURATION_OUT_OF_RANGE', `a wait of ${time} is not above 0`);
  }
  const count = sequence.pulses.length;
  // The filter's first peak is at π times the number of pulses.
  const samples = 128 * SAMPLES * (count + 1);
  let sum = 0;
  for (let k = 0; k < samples; k++) {
    const z = (k + 0.5) / SAMPLES;
    sum += (spectrum(z / time) * filterFunction(sequence, z)) / (z * z * SAMPLES);
  }
  // Further out the filter counts by its mean, 2n + 1, and 1/z is the even step.
  const last = SAMPLES / samples;
  for (let k = 0; k < 64; k++) {
    const inverse = ((k + 0.5) / 64) * last;
    sum += (spectrum(1 / (inverse * time)) * (2 * count + 1) * last) / 64;
  }
  return (sum * time) / Math.PI;
}

/**
 * A qubit that precesses by a constant angle about Z while it waits, and the pulses in between.
 *
 * @param options - `phase`: the whole angle without pulses; `pulseError`: how much too far each
 *   pulse turns, as a part of a half turn.
 */
export function decouplingCircuit(
  { pulses }: PulseSequence,
  options: { readonly phase: number; readonly pulseError: number },
): Circuit {
  const circuit = new Circuit(1);
  const turn = Math.PI * (1 + options.pulseError);
  let before = 0;
  for (const { at, axis } of pulses) {
    circuit.rz(options.phase * (at - before), 0);
    if (axis === 'X') circuit.rx(turn, 0);
    else circuit.ry(turn, 0);
    before = at;
  }
  return circuit.rz(options.phase * (1 - before), 0);
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_PULSES) return;
  throw new TimingBufferError('PULSES_OUT_OF_RANGE', `${count} pulses are not 1 to ${MAX_PULSES}`);
}
