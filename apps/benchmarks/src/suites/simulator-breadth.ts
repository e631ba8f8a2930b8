import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Circuit, expectationValue, mulberry32, run, StateVector } from '@sema/simulator';
import type { PauliSum } from '@sema/simulator';
import { adjointGradient } from '@sema/simulator/gradients';
import { parseStimCircuit, StimSampler } from '@sema/simulator/stim';
import { interleave, median, row, type Row, type Suite, type SuiteOptions } from '../harness.ts';
import { pythonWithPeers } from '../simulator/python-peers.ts';
import { circuitRows } from './simulator-breadth-circuits.ts';

const DATA =
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data');
const STIM_SCRIPT = fileURLToPath(new URL('../../peers/stim_shots.py', import.meta.url));

/** What is read, rewritten, sampled and differentiated, beside published figures and Stim. */
export const simulatorBreadth: Suite = {
  name: 'simulator-breadth',
  title: 'OpenQASM, the optimiser, noisy shots and gradients',
  run: (options) => [...circuitRows(), ...shotRows(options), ...gradientRows(options)],
};

export function shotRows(options: SuiteOptions): Row[] {
  const { clock, quick, skipped } = options;
  const name = 'surface_code_rotated_memory_x_7_0.005.stim';
  const file = resolve(DATA, 'qec', name);
  if (!existsSync(file)) {
    skipped(`noisy shots: there is no ${file}`);
    return [];
  }
  const shots = quick ? 4096 : 16_384;
  const sampler = new StimSampler(parseStimCircuit(readFileSync(file, 'utf8'), name));
  const times: number[] = [];
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    const start = clock.nowNs();
    sampler.sampleDetectors(shots, mulberry32(round));
    times.push((clock.nowNs() - start) / 1e9);
  }
  const value = shots / median(times);
  const seconds = stimSeconds(file, shots, options);
  const peer = seconds === undefined ? {} : { peer: { name: 'Stim', value: shots / seconds } };
  return [row({ name: 'noisy shots, rotated surface code, d = 7', value, unit: '/s', ...peer })];
}

function stimSeconds(file: string, shots: number, options: SuiteOptions): number | undefined {
  const rounds = options.quick ? 3 : 9;
  const python = pythonWithPeers(options);
  if (python === undefined) return undefined;
  const words = [STIM_SCRIPT, file, String(shots), String(rounds)];
  const { status, stdout, stderr } = spawnSync(python, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Stim failed: ${stderr}`);
  // The script prints one JSON object.
  const { seconds } = JSON.parse(stdout) as { readonly seconds: readonly number[] };
  return median(seconds);
}

/** A gradient with respect to every angle over one run of the same circuit. */
function gradientRows({ clock, quick }: SuiteOptions): Row[] {
  const sizes = quick ? [10] : [10, 14];
  return sizes.map((qubits) => {
    const circuit = rotations(qubits, 10);
    const random = mulberry32(11);
    const parameters = Float64Array.from(circuit.parameters, () => 6 * random.next());
    const sum: PauliSum = Array.from({ length: qubits }, (_, qubit) => ({
      coefficient: 1,
      paulis: { [qubit]: 'Z', [(qubit + 1) % qubits]: 'Z' } as const,
    }));
    using state = new StateVector(qubits);
    const forward = (): number => {
      state.reset();
      run(circuit, state, { parameters });
      return expectationValue(state, sum);
    };
    const { value } = adjointGradient(circuit, sum, { parameters });
    if (Math.abs(value - forward()) > 1e-10) throw new Error('the gradient has another value');
    const times = interleave(['gradient', 'forward'], quick ? 9 : 21, (which) => {
      const start = clock.nowNs();
      if (which === 'gradient') adjointGradient(circuit, sum, { parameters });
      else forward();
      return clock.nowNs() - start;
    });
    const count = String(circuit.parameters.length);
    return row({
      name: `gradient of ${count} angles over one run, n = ${String(qubits)}`,
      value: median(times.gradient) / median(times.forward),
      unit: '×',
      target: { atMost: 3 },
    });
  });
}

/** RY and RZ on every qubit, each angle a parameter, and a chain of CNOTs, `layers` times. */
function rotations(qubits: number, layers: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let layer = 0; layer < layers; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) {
      const name = `${String(layer)}-${String(qubit)}`;
      circuit.ry(circuit.parameter(`y${name}`), qubit).rz(circuit.parameter(`z${name}`), qubit);
    }
    for (let qubit = 0; qubit + 1 < qubits; qubit++) circuit.cx(qubit, qubit + 1);
  }
  return circuit;
}
