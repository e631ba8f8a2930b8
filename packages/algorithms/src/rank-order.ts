/**
 * Sorts `order`, a permutation of indices, so that the values it points to descend, equal ones by
 * index. In place and without allocating: a heap sort, O(n log n).
 *
 * @param order - any permutation of 0 … n − 1.
 * @param values - n numbers, no NaN.
 */
export function sortDescending(order: Uint16Array, values: ArrayLike<number>): void {
  for (let root = (order.length >> 1) - 1; root >= 0; root -= 1) {
    sink(order, values, root, order.length);
  }
  for (let end = order.length - 1; end > 0; end -= 1) {
    const last = order[0];
    order[0] = order[end];
    order[end] = last;
    sink(order, values, 0, end);
  }
}

/** Lets the root of a heap that has the last in order at its top sink to its place. */
function sink(order: Uint16Array, values: ArrayLike<number>, root: number, end: number): void {
  const own = order[root];
  let place = root;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= end) break;
    if (child + 1 < end && isBefore(order[child], order[child + 1], values)) child += 1;
    if (!isBefore(own, order[child], values)) break;
    order[place] = order[child];
    place = child;
  }
  order[place] = own;
}

function isBefore(a: number, b: number, values: ArrayLike<number>): boolean {
  return values[a] > values[b] || (values[a] === values[b] && a < b);
}
