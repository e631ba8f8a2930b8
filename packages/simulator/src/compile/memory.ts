import { SimulatorError } from '../errors.ts';
import { MAX_PAGES } from './wasm/module.ts';

const PAGE_BYTES = 65536;
const ALIGNMENT = 64;

/** A place in memory. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}

/** One WebAssembly memory that states and programs share, with places taken and given back. */
export class Memory {
  readonly isShared: boolean;
  readonly #memory: WebAssembly.Memory;
  readonly #limitBytes: number;
  #buffer: ArrayBuffer;
  /** In the order of their addresses, none touching the next. */
  readonly #free: Region[] = [];
  #pages = 1;

  /** @param limitBytes - the most that this memory may ever have. */
  constructor(limitBytes: number, isShared: boolean) {
    this.isShared = isShared;
    this.#limitBytes = limitBytes;
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: isShared });
    this.#buffer = this.#memory.buffer;
    // Address 0 stays unused, so that no region begins there.
    this.#free.push({ address: ALIGNMENT, bytes: PAGE_BYTES - ALIGNMENT });
  }

  /** Changes whenever the memory grows, unless it is shared. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  bufferOf(): ArrayBuffer {
    return this.buffer;
  }

  get bytes(): number {
    return this.#pages * PAGE_BYTES;
  }

  /** What another thread needs to use this memory, when it is shared. */
  get handle(): unknown {
    return this.#memory;
  }

  /** What a module exports that imports this memory, and nothing else, as `m.m`. */
  exportsOf(code: Uint8Array<ArrayBuffer>): Readonly<Record<string, unknown>> {
    const imports = { m: { m: this.#memory } };
    return new WebAssembly.Instance(new WebAssembly.Module(code), imports).exports;
  }

  /**
   * Takes a region aligned to 64 bytes. Its contents are whatever was there before.
   *
   * @throws {SimulatorError} `OUT_OF_MEMORY` with the bytes that are missing
   */
  take(bytes: number): Region {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const fitting = this.#free.findIndex((region) => region.bytes >= size);
    if (fitting < 0) {
      this.#grow(size);
      return this.take(bytes);
    }
    const { address, bytes: room } = this.#free[fitting];
    const rest = { address: address + size, bytes: room - size };
    this.#free.splice(fitting, 1, ...(rest.bytes > 0 ? [rest] : []));
    return { address, bytes: size };
  }

  giveBack(region: Region): void {
    const { address, bytes } = region;
    const after = this.#free.findIndex((other) => other.address > address);
    const place = after < 0 ? this.#free.length : after;
    this.#free.splice(place, 0, { address, bytes });
    this.#joinAt(place);
    if (place > 0) this.#joinAt(place - 1);
  }

  #joinAt(place: number): void {
    const [first, second] = this.#free.slice(place, place + 2);
    if (second === undefined || first.address + first.bytes !== second.address) return;
    this.#free.splice(place, 2, { address: first.address, bytes: first.bytes + second.bytes });
  }

  #grow(bytes: number): void {
    const last = this.#free.at(-1);
    const end = this.bytes;
    const atEnd = last !== undefined && last.address + last.bytes === end ? last.bytes : 0;
    const pages = Math.ceil((bytes - atEnd) / PAGE_BYTES);
    const needed = (this.#pages + pages) * PAGE_BYTES;
    if (needed > this.#limitBytes) throw outOfMemory(bytes, needed, this.#limitBytes);
    try {
      this.#memory.grow(pages);
    } catch (cause) {
      throw outOfMemory(bytes, needed, this.#limitBytes, cause);
    }
    this.#pages += pages;
    this.#buffer = this.#memory.buffer;
    this.giveBack({ address: end, bytes: pages * PAGE_BYTES });
  }
}

function outOfMemory(
  bytes: number,
  needed: number,
  limit: number,
  cause?: unknown,
): SimulatorError {
  return new SimulatorError(
    'OUT_OF_MEMORY',
    `${bytes} bytes more would make ${needed} bytes of memory; the limit is ${limit}`,
    { cause },
  );
}
