/** Whether a number from outside lies in a closed range; NaN lies in none. */
export function isBetween(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
