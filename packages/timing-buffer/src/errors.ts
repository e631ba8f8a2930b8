export type TimingBufferErrorCode =
  | 'CAPACITY_OUT_OF_RANGE'
  | 'SPAN_OUT_OF_RANGE'
  | 'TIMESTAMP_OUT_OF_RANGE'
  | 'TIME_RAN_BACKWARDS'
  | 'MEASUREMENT_COUNT_OUT_OF_RANGE'
  | 'MEASUREMENT_OUT_OF_RANGE'
  | 'COHERENCE_OUT_OF_RANGE'
  | 'EXECUTION_TIME_OUT_OF_RANGE'
  | 'SEQUENCE_OUT_OF_RANGE'
  | 'ENTRY_UNREADABLE'
  | 'RECORD_OUT_OF_RANGE'
  | 'BATCH_OUT_OF_RANGE'
  | 'DURATION_OUT_OF_RANGE'
  | 'PRIORITY_OUT_OF_RANGE'
  | 'WEIGHT_OUT_OF_RANGE'
  | 'MARGIN_OUT_OF_RANGE'
  | 'CLAIM_OPEN'
  | 'CLAIM_MISSING'
  | 'NOT_MATCHABLE'
  | 'NOT_EXPLAINABLE'
  | 'TOO_MANY_EDGES'
  | 'DETECTOR_OUT_OF_RANGE'
  | 'INVALID_CODE'
  | 'TOO_MANY_QUBITS'
  | 'DISTANCE_OUT_OF_RANGE'
  | 'INVALID_COHERENCE_TIMES'
  | 'PROBABILITY_OUT_OF_RANGE'
  | 'CYCLES_OUT_OF_RANGE'
  | 'INVALID_COUNTS'
  | 'PULSES_OUT_OF_RANGE'
  | 'BANKS_OUT_OF_ORDER'
  | 'STATE_EVICTED'
  | 'STATE_TAKEN'
  | 'STATE_UNKNOWN'
  | 'FIDELITY_OUT_OF_RANGE'
  | 'TRAJECTORIES_OUT_OF_RANGE';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class TimingBufferError extends Error {
  override readonly name = 'TimingBufferError';
  readonly code: TimingBufferErrorCode;

  constructor(code: TimingBufferErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
