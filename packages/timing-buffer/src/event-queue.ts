/** One thing to do. The queue owns `index`. */
export interface QueuedEvent {
  readonly id: number;
  readonly priority: number;
  /** A periodic event moves on while it is out of the queue. */
  timeNs: number;
  /** Where the event lies in the heap; −1 when it is out. */
  index: number;
}

/** Whether `a` comes before `b`: the earlier, then the lower priority number, then the older. */
function precedes(a: QueuedEvent, b: QueuedEvent): boolean {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.id < b.id;
}

/** A binary heap of events. Adding and removing, also from the middle, are O(log size). */
export class EventQueue<Event extends QueuedEvent> {
  readonly #heap: Event[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The first event, which stays. */
  get first(): Event | undefined {
    return this.#heap[0];
  }

  add(event: Event): void {
    this.#heap.push(event);
    this.#rise(event, this.#heap.length - 1);
  }

  remove(event: Event): void {
    const hole = event.index;
    const last = this.#heap.pop();
    event.index = -1;
    if (last === undefined || last === event) return;
    this.#rise(last, hole);
    this.#sink(last, last.index);
  }

  #rise(event: Event, from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const parent = heap[(index - 1) >> 1];
      if (!precedes(event, parent)) break;
      this.#place(parent, index);
      index = (index - 1) >> 1;
    }
    this.#place(event, index);
  }

  #sink(event: Event, from: number): void {
    const heap = this.#heap;
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && precedes(heap[child + 1], heap[child])) child += 1;
      if (!precedes(heap[child], event)) break;
      this.#place(heap[child], index);
      index = child;
    }
    this.#place(event, index);
  }

  #place(event: Event, index: number): void {
    this.#heap[index] = event;
    event.index = index;
  }
}
