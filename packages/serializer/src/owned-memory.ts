/**
 * The same array, or a copy of it when its memory is shared: another thread may write there between
 * two looks, and what was checked must be what is used.
 */
export function owned<T extends Uint8Array | Float64Array>(array: T): T {
  if (typeof SharedArrayBuffer === 'undefined') return array;
  // slice gives back the class it was called on, in memory of its own.
  return array.buffer instanceof SharedArrayBuffer ? (copied(array) as T) : array;
}

function copied(array: Uint8Array | Float64Array): Uint8Array | Float64Array {
  return array instanceof Float64Array ? new Float64Array(array) : new Uint8Array(array);
}
