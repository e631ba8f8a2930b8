/** The prime of the field of edwards25519. */
const P = 2n ** 255n - 19n;

/** y of two of the four points of order 8, a root of d·y⁴ + 2·y² − 1; the other two have −y. */
const ORDER_EIGHT_Y = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;

/** Every y of a point of order 1, 2, 4 or 8; P and P + 1 are 0 and 1 once more, unreduced. */
const SMALL_ORDER_Y: readonly bigint[] = [
  0n,
  1n,
  ORDER_EIGHT_Y,
  P - ORDER_EIGHT_Y,
  P - 1n,
  P,
  P + 1n,
];

/**
 * Whether 32 bytes encode a point of order at most 8. Under such a public key some signatures
 * verify for any message, and nobody need know a secret to make them.
 *
 * @see RFC 8032, §5.1 (the curve) and §5.1.3 (the encoding)
 */
export function hasSmallOrder(raw: Uint8Array): boolean {
  const hex = Buffer.from(raw).reverse().toString('hex');
  // The top bit is the sign of x.
  return SMALL_ORDER_Y.includes(BigInt.asUintN(255, BigInt(`0x${hex}`)));
}
