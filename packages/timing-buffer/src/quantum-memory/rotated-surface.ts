import type { CheckLayout } from './check-layout.ts';
import { checkDistance, operator, type StabilizerCode } from './stabilizer-code.ts';

/** 30 years of cycles would not let a larger one fail; a sample of it would take as long. */
const MAX_DISTANCE = 49;

/**
 * The rotated surface code: d × d data qubits row by row, a check at each corner where four of them
 * meet and at every second place along the edges. X checks lie along the top and the bottom, Z
 * checks along the sides; a column of X and a row of Z are the logical operators.
 *
 * Each check touches its qubits in an order in which one fault of the ancilla leaves errors across
 * the logical operator of its kind, never along it, so that d faults are needed to do harm unseen.
 *
 * @param distance - odd, 3 to 49.
 * @throws {TimingBufferError} `DISTANCE_OUT_OF_RANGE`
 * @see Tomita & Svore (2014), arXiv:1404.3747
 */
export function rotatedSurfaceLayout(distance: number): CheckLayout {
  checkDistance(distance, MAX_DISTANCE);
  const d = distance;
  const at = (row: number, column: number): number | undefined =>
    row >= 0 && row < d && column >= 0 && column < d ? row * d + column : undefined;
  const checks: CheckLayout['checks'][number][] = [];
  for (let i = 0; i <= d; i++) {
    for (let j = 0; j <= d; j++) {
      const basis = (i + j) % 2 === 0 ? 'X' : 'Z';
      const [endRow, endColumn] = [i === 0 || i === d, j === 0 || j === d];
      if (endRow && (endColumn || basis === 'Z')) continue;
      if (endColumn && basis === 'X') continue;
      const corners = [at(i - 1, j - 1), at(i - 1, j), at(i, j - 1), at(i, j)] as const;
      const [northWest, northEast, southWest, southEast] = corners;
      const touches = basis === 'X' ? corners : [northWest, southWest, northEast, southEast];
      checks.push({ basis, touches });
    }
  }
  const side = Array.from({ length: d }, (_, k) => k);
  return {
    name: `rotated surface, d = ${d}`,
    data: d * d,
    checks,
    logicalX: side.map((row) => row * d),
    logicalZ: side,
  };
}

/**
 * The same code by its operators.
 *
 * @param distance - odd, 3 or 5, which has 25 qubits.
 * @throws {TimingBufferError} `DISTANCE_OUT_OF_RANGE`
 */
export function rotatedSurfaceCode(distance: number): StabilizerCode {
  checkDistance(distance, 5);
  const { name, data, checks, logicalX, logicalZ } = rotatedSurfaceLayout(distance);
  return {
    name,
    qubits: data,
    generators: checks.map(({ basis, touches }) =>
      operator(
        data,
        basis,
        touches.filter((place) => place !== undefined),
      ),
    ),
    logicalX: operator(data, 'X', logicalX),
    logicalZ: operator(data, 'Z', logicalZ),
  };
}
