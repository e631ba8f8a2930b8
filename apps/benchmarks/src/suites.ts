import type { Suite } from './harness.ts';
import { algorithms } from './suites/algorithms.ts';
import { cluster } from './suites/cluster.ts';
import { collective } from './suites/collective.ts';
import { crypto } from './suites/crypto.ts';
import { custody } from './suites/custody.ts';
import { endurance } from './suites/endurance.ts';
import { engine } from './suites/engine.ts';
import { freqtrade } from './suites/freqtrade.ts';
import { learning } from './suites/learning.ts';
import { qubits } from './suites/qubits.ts';
import { selection } from './suites/selection.ts';
import { service } from './suites/service.ts';
import { simulatorBreadth } from './suites/simulator-breadth.ts';
import { simulator } from './suites/simulator.ts';
import { sweep } from './suites/sweep.ts';
import { timing } from './suites/timing.ts';

/** Every suite there is, in the order of `--list`. */
export const SUITES: readonly Suite[] = [
  engine,
  endurance,
  qubits,
  selection,
  algorithms,
  crypto,
  custody,
  simulator,
  simulatorBreadth,
  timing,
  learning,
  collective,
  service,
  cluster,
  freqtrade,
  sweep,
];
