/** Kaufman's efficiency ratio |p_n − p_0| / Σ |p_i − p_{i−1}|; 0 for a path that never moves. */
export function efficiencyRatio(path: readonly number[]): number {
  let length = 0;
  for (let i = 1; i < path.length; i += 1) length += Math.abs(path[i] - path[i - 1]);
  return length === 0 ? 0 : Math.abs(path[path.length - 1] - path[0]) / length;
}

/** Annualised root mean square of daily returns, 252 days a year. */
export function annualisedVolatility(closes: readonly number[]): number {
  let squares = 0;
  for (let i = 1; i < closes.length; i += 1) {
    const change = closes[i] / closes[i - 1] - 1;
    squares += change * change;
  }
  return Math.sqrt((252 * squares) / (closes.length - 1));
}
