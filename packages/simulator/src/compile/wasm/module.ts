import { Bytes } from './bytes.ts';
import type { Code } from './code.ts';

const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const FUNCTION_TYPE = 0x60;
/** 4 GiB in pages of 64 KiB. */
export const MAX_PAGES = 65536;

/** A module of functions on one memory, imported as `m.m`. */
export class ModuleBuilder {
  readonly #functions: Code[] = [];
  readonly #exports = new Map<string, number>();

  /** Adds a function and returns its index. */
  add(code: Code, name?: string): number {
    const index = this.#functions.push(code) - 1;
    if (name !== undefined) this.#exports.set(name, index);
    return index;
  }

  /** @param shared - whether the memory is shared between threads. */
  toBytes(shared: boolean): Uint8Array<ArrayBuffer> {
    const { types, indices } = this.#types();
    const memory = new Bytes();
    memory.byte(1);
    memory.name('m');
    memory.name('m');
    memory.all(shared ? [2, 3] : [2, 1]);
    memory.unsigned(0);
    memory.unsigned(MAX_PAGES);
    const declared = vector(indices, (out, index) => {
      out.unsigned(index);
    });
    const exported = vector([...this.#exports], (out, [name, index]) => {
      out.name(name);
      out.byte(0);
      out.unsigned(index);
    });
    const bodies = vector(this.#functions, (out, code) => {
      out.sized(code.finish());
    });
    const module = new Bytes();
    module.all(HEADER);
    const sections: readonly (readonly [number, Bytes])[] = [
      [1, types],
      [2, memory],
      [3, declared],
      [7, exported],
      [10, bodies],
    ];
    for (const [id, content] of sections) {
      module.byte(id);
      module.sized(content);
    }
    return module.view.slice();
  }

  #types(): { types: Bytes; indices: number[] } {
    const signatures = new Map<string, number>();
    const indices = this.#functions.map(({ parameters, results }) => {
      const key = `${parameters.join()}>${results.join()}`;
      const index = signatures.get(key) ?? signatures.size;
      signatures.set(key, index);
      return index;
    });
    const types = vector([...signatures.keys()], (out, key) => {
      out.byte(FUNCTION_TYPE);
      for (const list of key.split('>')) {
        const values = list === '' ? [] : list.split(',').map(Number);
        out.unsigned(values.length);
        out.all(values);
      }
    });
    return { types, indices };
  }
}

function vector<Item>(items: readonly Item[], write: (out: Bytes, item: Item) => void): Bytes {
  const bytes = new Bytes();
  bytes.unsigned(items.length);
  for (const item of items) write(bytes, item);
  return bytes;
}
