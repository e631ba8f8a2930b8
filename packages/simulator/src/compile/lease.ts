/** The right to something that has to be given back, once. */
export type Lease = Disposable;

/**
 * The module's, not a compiler's: a registry that became garbage together with what it watches
 * would tell nobody.
 */
const FORGOTTEN = new FinalizationRegistry<Lease>((lease) => {
  lease[Symbol.dispose]();
});

/**
 * What an owner has taken: given back when the lease is disposed of, and, where that was forgotten,
 * some time after the owner has become garbage.
 *
 * @param giveBack - must not refer to the owner, which it would keep alive.
 */
export function takeLease(owner: object, giveBack: () => void): Lease {
  let isOver = false;
  const lease: Lease = {
    [Symbol.dispose]: () => {
      if (isOver) return;
      isOver = true;
      FORGOTTEN.unregister(lease);
      giveBack();
    },
  };
  FORGOTTEN.register(owner, lease, lease);
  return lease;
}
