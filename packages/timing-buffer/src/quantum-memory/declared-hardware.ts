import type { Hardware } from './hardware.ts';

const US = 1e3;
const SECOND = 1e9;

/**
 * A hyperfine qubit of Yb⁺: energy kept for good, phase for 50 s. Gates in the middle of what
 * laboratories report.
 */
export const TRAPPED_ION: Hardware = Object.freeze({
  name: 'trapped ion (Yb⁺)',
  t1Ns: Infinity,
  t2Ns: 50 * SECOND,
  oneQubitGate: { timeNs: 5 * US, error: 3e-5 },
  twoQubitGate: { timeNs: 200 * US, error: 2e-3 },
  measurement: { timeNs: 150 * US, error: 2e-3 },
  reset: { timeNs: 15 * US, error: 1e-3 },
});

/** Rubidium in tweezers (T1 and T2 of Bluvstein et al. 2022). */
export const NEUTRAL_ATOM: Hardware = Object.freeze({
  name: 'neutral atom (Rb)',
  t1Ns: 4 * SECOND,
  t2Ns: 1.49 * SECOND,
  oneQubitGate: { timeNs: 2 * US, error: 3e-4 },
  twoQubitGate: { timeNs: 0.3 * US, error: 5e-3 },
  measurement: { timeNs: 500 * US, error: 2e-3 },
  reset: { timeNs: 500 * US, error: 2e-3 },
});

/** A transmon of the chip that first kept a surface code below threshold (Google 2025). */
export const TRANSMON: Hardware = Object.freeze({
  name: 'transmon (Willow)',
  t1Ns: 68 * US,
  t2Ns: 89 * US,
  oneQubitGate: { timeNs: 25, error: 3.5e-4 },
  twoQubitGate: { timeNs: 42, error: 3.3e-3 },
  measurement: { timeNs: 500, error: 7.7e-3 },
  reset: { timeNs: 160, error: 1e-3 },
});
