import { QubitPool } from '@sema/resource-pool';
import type { Clock } from '@sema/timing-buffer';
import type { CircuitRecorder } from './circuit-recorder.ts';
import type { EngineConfiguration } from './configuration.ts';
import { PerfectMachine } from './machine.ts';
import type { MachineMaker } from './machine.ts';
import { QuantumPath } from './quantum-path.ts';
import { POOL_QUBITS, poolOwners } from './resources/qubit-shares.ts';
import { Collective } from './transference/collective.ts';

/** What answers a question. */
export interface Paths {
  /** The circuits; `undefined` where the twin is to decide. */
  readonly quantum: QuantumPath | undefined;
  /** Acts on the answer; `undefined` where the configuration has it off. */
  readonly collective: Collective | undefined;
}

/** The paths that a configuration asks for, over a pool of their own if none is given. */
export function pathsFor(
  { path, qubits, collective }: EngineConfiguration,
  recorder: CircuitRecorder,
  {
    clock,
    pool,
    machine = (settings) => new PerfectMachine(settings),
  }: { readonly clock: Clock; readonly pool?: QubitPool; readonly machine?: MachineMaker },
): Paths {
  const qubitPool = pool ?? new QubitPool(POOL_QUBITS, { owners: poolOwners(qubits) });
  return {
    quantum:
      path === 'quantum'
        ? new QuantumPath(qubitPool, recorder, qubits, machine(qubits))
        : undefined,
    collective: collective === 'off' ? undefined : new Collective(collective, clock),
  };
}
