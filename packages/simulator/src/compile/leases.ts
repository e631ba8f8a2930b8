/** The right to something that has to be given back, once. */
export type Lease = Disposable;

/**
 * What states and programs have taken: given back when they are disposed of, and, where that was
 * forgotten, some time after they have become garbage.
 */
export class Leases {
  readonly #forgotten = new FinalizationRegistry<Lease>((lease) => {
    lease[Symbol.dispose]();
  });

  /** @param giveBack - must not refer to the owner, which it would keep alive. */
  take(owner: object, giveBack: () => void): Lease {
    let isOver = false;
    const lease: Lease = {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#forgotten.unregister(lease);
        giveBack();
      },
    };
    this.#forgotten.register(owner, lease, lease);
    return lease;
  }
}
