import { PortError } from './port-error.ts';
import { checkName, checkPrefix, checkSize } from './port-rules.ts';
import type { PortState } from './port-state.ts';
import type { BlobStore } from './ports.ts';

export class InProcessBlobs implements BlobStore {
  readonly #state: PortState;
  readonly #blobs = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(state: PortState) {
    this.#state = state;
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    return this.#state.answer(() => {
      const { blobBytes, names, totalBytes } = this.#state.limits;
      checkName('name', name);
      checkSize('a blob', bytes, blobBytes);
      const before = this.#blobs.get(name);
      const total = this.#bytes - (before?.length ?? 0) + bytes.length;
      if (total > totalBytes) {
        throw new PortError('FULL', `${totalBytes} bytes of blobs are kept, and no more`);
      }
      if (before === undefined && this.#blobs.size >= names) {
        throw new PortError('FULL', `${names} blobs are kept, and no more`);
      }
      this.#blobs.set(name, new Uint8Array(bytes));
      this.#bytes = total;
    });
  }

  get(name: string): Promise<Uint8Array | undefined> {
    return this.#state.answer(() => {
      checkName('name', name);
      const bytes = this.#blobs.get(name);
      return bytes && new Uint8Array(bytes);
    });
  }

  delete(name: string): Promise<void> {
    return this.#state.answer(() => {
      checkName('name', name);
      this.#bytes -= this.#blobs.get(name)?.length ?? 0;
      this.#blobs.delete(name);
    });
  }

  list(prefix: string): Promise<string[]> {
    return this.#state.answer(() => {
      checkPrefix(prefix);
      return [...this.#blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
    });
  }
}
