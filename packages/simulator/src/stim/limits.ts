/**
 * What the readers accept at most; a text beyond any of these is refused with `STIM_LIMIT` before
 * it costs more. Counts are of the whole program, repeated blocks multiplied out.
 */
export const STIM_LIMITS = Object.freeze({
  /** UTF-16 units in a text. */
  characters: 1 << 24,
  /** UTF-16 units in a line. */
  lineLength: 1 << 20,
  /** Blocks inside one another. */
  nesting: 64,
  qubits: 1 << 16,
  measurements: 1 << 22,
  detectors: 1 << 22,
  observables: 1 << 12,
  /** Targets of all instructions: the work a short program can ask for. */
  steps: 1 << 30,
  /** Error mechanisms of a detector error model. */
  errors: 1 << 22,
});
