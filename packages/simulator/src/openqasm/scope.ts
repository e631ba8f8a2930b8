import type { Angle } from '../angle.ts';
import type { LibraryGate } from './gate-library.ts';
import { meaning } from './evaluate.ts';
import { excerpt, type Place } from './refusal.ts';
import type { GateDefinition } from './syntax.ts';

/** What a name stands for. */
export type Meaning =
  | {
      readonly kind: 'qubits' | 'bits';
      readonly list: readonly number[];
      /** Declared without a size. */
      readonly single: boolean;
    }
  | { readonly kind: 'value'; readonly value: Angle };

export interface LibraryEntry {
  readonly kind: 'library';
  readonly gate: LibraryGate;
}
export interface DefinedGate {
  readonly kind: 'defined';
  readonly definition: GateDefinition;
  /** The gates its body names, as they were when it was defined. */
  readonly callees: ReadonlyMap<string, GateMeaning>;
  /** How many definitions are inside one another, this one counted. */
  readonly depth: number;
}
export type GateMeaning = LibraryEntry | DefinedGate;

/**
 * Names in the order of their declaration. A program is gone through twice, to learn its registers
 * and then to build its circuit; `position` makes the second pass see only what came before.
 */
export class Names<Kind> {
  /** The number of the statement being read. */
  position = 0;
  readonly #byName = new Map<string, { meaning: Kind; position: number }>();

  get(name: string): Kind | undefined {
    const found = this.#byName.get(name);
    return found !== undefined && found.position <= this.position ? found.meaning : undefined;
  }

  /** @throws {OpenQasmError} when the name is taken and may not be replaced */
  declare(name: string, meaningOf: Kind, at: Place, mayReplace = false): void {
    if (this.#byName.has(name) && !mayReplace) {
      throw meaning(at, 'a new name', `${excerpt(name)}, which is taken`);
    }
    this.#byName.set(name, { meaning: meaningOf, position: this.position });
  }
}
