import { followers } from './commute.ts';
import { movedQubits, type Step, touchedQubits } from './step.ts';

/** Which steps of a list are done and which may be done next, as steps are done one by one. */
export class Progress {
  readonly steps: readonly Step[];
  readonly moved: Int32Array;
  readonly touched: Int32Array;
  readonly after: readonly (readonly number[])[];
  readonly waits: Int32Array;
  /** Not done, and everything before them done; in the order in which they became so. */
  readonly ready = new Set<number>();
  readonly #done: Uint8Array;
  #left: number;

  constructor(steps: readonly Step[]) {
    this.steps = steps;
    this.moved = Int32Array.from(steps, movedQubits);
    this.touched = Int32Array.from(steps, touchedQubits);
    const { after, waits } = followers(steps);
    this.after = after;
    this.waits = waits;
    this.#left = steps.length;
    this.#done = new Uint8Array(steps.length);
    waits.forEach((count, index) => {
      if (count === 0) this.ready.add(index);
    });
  }

  get left(): number {
    return this.#left;
  }

  do(index: number): void {
    this.ready.delete(index);
    this.#done[index] = 1;
    this.#left--;
    for (const next of this.after[index]) {
      if (--this.waits[next] === 0) this.ready.add(next);
    }
  }

  isDone(index: number): boolean {
    return this.#done[index] === 1;
  }

  isPhase(index: number): boolean {
    return this.moved[index] === 0;
  }

  /** Whether the step can be done in registers on a tile of these active qubits. */
  fits(index: number, active: number): boolean {
    const { kind } = this.steps[index];
    return (this.touched[index] & ~active) === 0 && kind !== 'opaque' && kind !== 'table';
  }

  /**
   * How many steps other than phases could be done next with these qubits active, phases being
   * free.
   */
  reach(active: number): number {
    const waits = this.waits.slice();
    const work = [...this.ready];
    let count = 0;
    for (let index = work.pop(); index !== undefined; index = work.pop()) {
      if (!this.isPhase(index)) {
        if (!this.fits(index, active)) continue;
        count++;
      }
      for (const next of this.after[index]) if (--waits[next] === 0) work.push(next);
    }
    return count;
  }
}
