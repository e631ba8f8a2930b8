/** Copies 16 floats to `offset`. Written out: a loop and `set` take about twice as long. */
export function storeSixteen(values: Float32Array, offset: number, source: Float32Array): void {
  values[offset] = source[0];
  values[offset + 1] = source[1];
  values[offset + 2] = source[2];
  values[offset + 3] = source[3];
  values[offset + 4] = source[4];
  values[offset + 5] = source[5];
  values[offset + 6] = source[6];
  values[offset + 7] = source[7];
  values[offset + 8] = source[8];
  values[offset + 9] = source[9];
  values[offset + 10] = source[10];
  values[offset + 11] = source[11];
  values[offset + 12] = source[12];
  values[offset + 13] = source[13];
  values[offset + 14] = source[14];
  values[offset + 15] = source[15];
}
