/** Whether a value from elsewhere, whatever type it is said to have, can be asked for members. */
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
