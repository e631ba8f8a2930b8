export type SimulatorErrorCode =
  | 'BASIS_STATE_OUT_OF_RANGE'
  | 'BIT_OUT_OF_RANGE'
  | 'DISPOSED'
  | 'DUPLICATE_BIT'
  | 'DUPLICATE_QUBIT'
  | 'IMPOSSIBLE_OUTCOME'
  | 'INVALID_ANGLE'
  | 'INVALID_BIT_COUNT'
  | 'INVALID_COEFFICIENT'
  | 'INVALID_CONDITION'
  | 'INVALID_OUTCOME'
  | 'INVALID_PARAMETER_NAME'
  | 'INVALID_PAULI'
  | 'INVALID_PROBABILITY'
  | 'INVALID_QUBIT_COUNT'
  | 'INVALID_SEED'
  | 'INVALID_SHOTS'
  | 'INVALID_THREADS'
  | 'INVALID_TILE'
  | 'INVALID_TIME'
  | 'NOT_CLIFFORD'
  | 'NOT_COMPLETE'
  | 'NOT_DETERMINISTIC'
  | 'NOT_EXPRESSIBLE'
  | 'NOT_FINITE'
  | 'NOT_HERMITIAN'
  | 'NOT_INVERTIBLE'
  | 'NOT_NORMALIZED'
  | 'NOT_POSITIVE'
  | 'NOT_UNITARY'
  | 'OPENQASM_LIMIT'
  | 'OPENQASM_MEANING'
  | 'OPENQASM_SYNTAX'
  | 'OPENQASM_UNSUPPORTED'
  | 'OUT_OF_MEMORY'
  | 'QUBIT_COUNT_MISMATCH'
  | 'QUBIT_OUT_OF_RANGE'
  | 'RANDOM_OUT_OF_RANGE'
  | 'RANDOM_SOURCE_MISSING'
  | 'STIM_LIMIT'
  | 'STIM_MEANING'
  | 'STIM_SYNTAX'
  | 'STIM_UNSUPPORTED'
  | 'TOO_MANY_OPERATIONS'
  | 'TOO_MANY_PARAMETERS'
  | 'TOO_MANY_QUBITS'
  | 'UNBOUND_PARAMETERS'
  | 'UNKNOWN_GATE'
  | 'UNKNOWN_PARAMETER'
  | 'WORKERS_MISSING'
  | 'WRONG_LENGTH';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
