import { gateMatrix } from '../gates.ts';
import { identity, kronecker, type Matrix, multiply } from './complex-matrix.ts';
import { lowerMatrix } from './lower-matrix.ts';
import { anglesOf } from './phase.ts';
import { qubitsOf, type Step } from './step.ts';
import { StepList } from './step-list.ts';

/** A run of steps on two qubits, none of which touches a third in between. */
interface Block {
  readonly pair: readonly [number, number];
  readonly steps: Step[];
  cxCount: number;
  hasParameters: boolean;
}

/**
 * Replaces runs of steps on two qubits by at most three CX, where that saves one. May turn T gates
 * into other rotations.
 *
 * @see Vatan & Williams (2004), arXiv:quant-ph/0308006
 */
export function resynthesizePairs(steps: readonly Step[], qubits: number): Step[] {
  const result: Step[] = [];
  const open = new Array<Block | undefined>(qubits).fill(undefined);
  /** Steps on one qubit that no block has taken yet. */
  const loose = Array.from({ length: qubits }, (): Step[] => []);
  const close = (qubit: number): void => {
    const block = open[qubit];
    if (block === undefined) return;
    for (const step of settled(block)) result.push(step);
    for (const each of block.pair) open[each] = undefined;
  };
  for (const step of steps) {
    if (step.kind !== 'cx') {
      const steps = open[step.qubit]?.steps ?? loose[step.qubit];
      steps.push(step);
      const block = open[step.qubit];
      if (block !== undefined && isSymbolic(step)) block.hasParameters = true;
      continue;
    }
    const { control, target } = step;
    let block = open[control];
    if (block === undefined || block !== open[target]) {
      close(control);
      close(target);
      block = { pair: [control, target], steps: [], cxCount: 0, hasParameters: false };
      for (const qubit of block.pair) {
        open[qubit] = block;
        for (const each of loose[qubit]) {
          if (isSymbolic(each)) block.hasParameters = true;
          block.steps.push(each);
        }
        loose[qubit] = [];
      }
    }
    block.steps.push(step);
    block.cxCount++;
  }
  for (let qubit = 0; qubit < qubits; qubit++) {
    close(qubit);
    for (const step of loose[qubit]) result.push(step);
  }
  return result;
}

function isSymbolic(step: Step): boolean {
  return step.kind === 'rz' && step.phase.parameters.size > 0;
}

/** The block in fewer CX, or as it was. */
function settled({ pair, steps, cxCount, hasParameters }: Block): readonly Step[] {
  if (cxCount < 2 || hasParameters) return steps;
  let matrix = identity(4);
  for (const step of steps) matrix = multiply(matrixOf(step, pair), matrix);
  const list = new StepList(Math.max(...pair) + 1);
  lowerMatrix(matrix, pair, list);
  const count = list.steps.filter((step) => step.kind === 'cx').length;
  return count < cxCount ? list.steps : steps;
}

function matrixOf(step: Step, pair: readonly [number, number]): Matrix {
  const [qubit] = qubitsOf(step);
  const isFirst = qubit === pair[0];
  if (step.kind === 'cx') return isFirst ? CX : CX_FROM_SECOND;
  const [angle = 0] = step.kind === 'rz' ? anglesOf(step.phase) : [];
  const radians = typeof angle === 'number' ? angle : 0;
  const own = step.kind === 'rz' ? gateMatrix('p', [radians]) : gateMatrix(step.kind);
  return isFirst ? kronecker(own, identity(2)) : kronecker(identity(2), own);
}

const CX = gateMatrix('cx');
const CX_FROM_SECOND = multiply(
  kronecker(gateMatrix('h'), gateMatrix('h')),
  multiply(CX, kronecker(gateMatrix('h'), gateMatrix('h'))),
);
