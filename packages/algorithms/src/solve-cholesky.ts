/**
 * Solves A x = right for a symmetric positive definite A, by A = L Lᵀ. O(n³/6).
 *
 * @param matrix - n × n, row-major; only its lower triangle is read. Overwritten with L.
 * @param right - n numbers; overwritten with x.
 */
export function solveCholesky(matrix: Float64Array, right: Float64Array): void {
  const size = right.length;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k += 1) sum -= matrix[i * size + k] * matrix[j * size + k];
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j];
    }
  }
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) right[i] -= matrix[i * size + k] * right[k];
    right[i] /= matrix[i * size + i];
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) right[i] -= matrix[k * size + i] * right[k];
    right[i] /= matrix[i * size + i];
  }
}
