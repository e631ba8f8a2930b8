import type { Kernels } from './kernels.ts';

/*
 * Every loop below visits, in ascending order, the indices that have bits only in `free`: the next
 * after i is (i − free) & free, and after the last comes 0 again.
 */

function exchange(values: Float64Array, a: number, b: number): void {
  const kept = values[a];
  values[a] = values[b];
  values[b] = kept;
}

function flip(real: Float64Array, imaginary: Float64Array, target: number, controls: number): void {
  const free = (real.length - 1) & ~(target | controls);
  let i = 0;
  do {
    const zero = i | controls;
    exchange(real, zero, zero | target);
    exchange(imaginary, zero, zero | target);
    i = (i - free) & free;
  } while (i !== 0);
}

function swap(
  real: Float64Array,
  imaginary: Float64Array,
  first: number,
  second: number,
  controls: number,
): void {
  const free = (real.length - 1) & ~(first | second | controls);
  let i = 0;
  do {
    const base = i | controls;
    exchange(real, base | first, base | second);
    exchange(imaginary, base | first, base | second);
    i = (i - free) & free;
  } while (i !== 0);
}

function phase(
  real: Float64Array,
  imaginary: Float64Array,
  mask: number,
  value: number,
  cosine: number,
  sine: number,
): void {
  const free = (real.length - 1) & ~mask;
  let i = 0;
  do {
    const at = i | value;
    const re = real[at];
    const im = imaginary[at];
    real[at] = cosine * re - sine * im;
    imaginary[at] = cosine * im + sine * re;
    i = (i - free) & free;
  } while (i !== 0);
}

function diagonal(
  real: Float64Array,
  imaginary: Float64Array,
  offsets: Int32Array,
  count: number,
  controls: number,
  entries: Float64Array,
): void {
  const free = (real.length - 1) & ~(offsets[count - 1] | controls);
  let i = 0;
  do {
    const base = i | controls;
    for (let m = 0; m < count; m++) {
      const at = base | offsets[m];
      const cosine = entries[2 * m];
      const sine = entries[2 * m + 1];
      const re = real[at];
      const im = imaginary[at];
      real[at] = cosine * re - sine * im;
      imaginary[at] = cosine * im + sine * re;
    }
    i = (i - free) & free;
  } while (i !== 0);
}

function matrix1(
  real: Float64Array,
  imaginary: Float64Array,
  target: number,
  controls: number,
  matrix: Float64Array,
): void {
  const ar = matrix[0];
  const ai = matrix[1];
  const br = matrix[2];
  const bi = matrix[3];
  const cr = matrix[4];
  const ci = matrix[5];
  const dr = matrix[6];
  const di = matrix[7];
  const free = (real.length - 1) & ~(target | controls);
  let i = 0;
  do {
    const zero = i | controls;
    const one = zero | target;
    const re0 = real[zero];
    const im0 = imaginary[zero];
    const re1 = real[one];
    const im1 = imaginary[one];
    real[zero] = ar * re0 - ai * im0 + (br * re1 - bi * im1);
    imaginary[zero] = ar * im0 + ai * re0 + (br * im1 + bi * re1);
    real[one] = cr * re0 - ci * im0 + (dr * re1 - di * im1);
    imaginary[one] = cr * im0 + ci * re0 + (dr * im1 + di * re1);
    i = (i - free) & free;
  } while (i !== 0);
}

function matrix(
  real: Float64Array,
  imaginary: Float64Array,
  offsets: Int32Array,
  count: number,
  controls: number,
  entries: Float64Array,
  scratch: Float64Array,
): void {
  const free = (real.length - 1) & ~(offsets[count - 1] | controls);
  let i = 0;
  do {
    const base = i | controls;
    for (let m = 0; m < count; m++) {
      scratch[2 * m] = real[base | offsets[m]];
      scratch[2 * m + 1] = imaginary[base | offsets[m]];
    }
    let at = 0;
    for (let row = 0; row < count; row++) {
      let re = 0;
      let im = 0;
      for (let column = 0; column < 2 * count; column += 2, at += 2) {
        re += entries[at] * scratch[column] - entries[at + 1] * scratch[column + 1];
        im += entries[at] * scratch[column + 1] + entries[at + 1] * scratch[column];
      }
      real[base | offsets[row]] = re;
      imaginary[base | offsets[row]] = im;
    }
    i = (i - free) & free;
  } while (i !== 0);
}

function multiplexedX(
  real: Float64Array,
  imaginary: Float64Array,
  offsets: Int32Array,
  count: number,
  target: number,
  rotations: Float64Array,
): void {
  const free = (real.length - 1) & ~(offsets[count - 1] | target);
  let i = 0;
  do {
    for (let m = 0; m < count; m++) {
      const zero = i | offsets[m];
      const one = zero | target;
      const c = rotations[2 * m];
      const s = rotations[2 * m + 1];
      const re0 = real[zero];
      const im0 = imaginary[zero];
      const re1 = real[one];
      const im1 = imaginary[one];
      real[zero] = c * re0 + s * im1;
      imaginary[zero] = c * im0 - s * re1;
      real[one] = c * re1 + s * im0;
      imaginary[one] = c * im1 - s * re0;
    }
    i = (i - free) & free;
  } while (i !== 0);
}

function multiplexedY(
  real: Float64Array,
  imaginary: Float64Array,
  offsets: Int32Array,
  count: number,
  target: number,
  rotations: Float64Array,
): void {
  const free = (real.length - 1) & ~(offsets[count - 1] | target);
  let i = 0;
  do {
    for (let m = 0; m < count; m++) {
      const zero = i | offsets[m];
      const one = zero | target;
      const c = rotations[2 * m];
      const s = rotations[2 * m + 1];
      const re0 = real[zero];
      const im0 = imaginary[zero];
      const re1 = real[one];
      const im1 = imaginary[one];
      real[zero] = c * re0 - s * re1;
      imaginary[zero] = c * im0 - s * im1;
      real[one] = s * re0 + c * re1;
      imaginary[one] = s * im0 + c * im1;
    }
    i = (i - free) & free;
  } while (i !== 0);
}

function weight(real: Float64Array, imaginary: Float64Array, mask: number, value: number): number {
  const free = (real.length - 1) & ~mask;
  let sum = 0;
  let i = 0;
  do {
    const at = i | value;
    sum += real[at] * real[at] + imaginary[at] * imaginary[at];
    i = (i - free) & free;
  } while (i !== 0);
  return sum;
}

function project(
  real: Float64Array,
  imaginary: Float64Array,
  mask: number,
  value: number,
  factor: number,
): void {
  for (let i = 0; i < real.length; i++) {
    const kept = (i & mask) === value;
    real[i] = kept ? factor * real[i] : 0;
    imaginary[i] = kept ? factor * imaginary[i] : 0;
  }
}

/**
 * The definition of every kernel in plain loops: one pass over the amplitudes that a gate touches.
 */
export const referenceKernels: Kernels = {
  flip,
  swap,
  phase,
  diagonal,
  matrix1,
  matrix,
  multiplexedX,
  multiplexedY,
  weight,
  project,
};
