import { STIM_LIMITS } from './limits.ts';
import { StimError } from './refusal.ts';
import { type Statement, unexpected, wholeNumber, type Word } from './statements.ts';
import type { Basis, PauliFactor, PauliProduct } from './stim-circuit.ts';

/** A pair of targets: two qubits, or one qubit under a recorded bit. */
type Pair =
  | { readonly lookback: undefined; readonly qubits: readonly number[] }
  | { readonly lookback: number; readonly pauli: Basis; readonly qubits: readonly number[] };

/** Reads the targets of one line and counts the qubits they name. */
export class TargetReader {
  readonly #statement: Statement;
  readonly #counts: { qubits: number; readonly measurements: number };

  constructor(statement: Statement, counts: { qubits: number; readonly measurements: number }) {
    this.#statement = statement;
    this.#counts = counts;
  }

  none(): void {
    const [word] = this.#statement.targets;
    if (this.#statement.targets.length > 0) {
      throw unexpected(word, `no target of ${this.#statement.name}`);
    }
  }

  qubits(): number[] {
    return this.#statement.targets.map((word) => this.#qubit(word, word.text));
  }

  invertibleQubits(): { qubits: number[]; inverted: boolean[] } {
    const { targets } = this.#statement;
    return {
      qubits: targets.map((word) => this.#qubit(word, word.text.replace(/^!/, ''))),
      inverted: targets.map((word) => word.text.startsWith('!')),
    };
  }

  lookbacks(): number[] {
    return this.#statement.targets.map((word) => this.#lookback(word));
  }

  factors(): PauliFactor[] {
    const { targets } = this.#statement;
    return this.#distinct(
      targets.map((word) => this.#factor(word, word.text)),
      targets[0],
    );
  }

  /** Targets such as `X1*Y2*Z3` and `!Z4`. */
  products(): PauliProduct[] {
    return this.#statement.targets.map((word) => {
      const pieces = word.text.split('*');
      const inverted = pieces.filter((piece) => piece.startsWith('!')).length % 2 === 1;
      const factors = pieces.map((piece) => this.#factor(word, piece.replace(/^!/, '')));
      return { factors: this.#distinct(factors, word), inverted };
    });
  }

  /** Targets 0 and 1: bits to record as they are. */
  pads(): PauliProduct[] {
    return this.#statement.targets.map((word) => {
      if (word.text !== '0' && word.text !== '1') throw unexpected(word, 'a bit 0 or 1');
      return { factors: [], inverted: word.text === '1' };
    });
  }

  /**
   * Pairs of qubits; with `pauli`, the first of a pair may be a recorded bit, and with `either`
   * the second instead.
   */
  *pairs(pauli: Basis | undefined, either: boolean): Generator<Pair> {
    const { targets } = this.#statement;
    this.#checkEven(targets.length);
    for (let k = 0; k < targets.length; k += 2) {
      const [first, second] = [targets[k], targets[k + 1]];
      const swapped = either && isRecord(second);
      const [control, target] = swapped ? [second, first] : [first, second];
      if (pauli !== undefined && isRecord(control)) {
        const qubits = [this.#qubit(target, target.text)];
        yield { lookback: this.#lookback(control), pauli, qubits };
        continue;
      }
      const qubits = [this.#qubit(first, first.text), this.#qubit(second, second.text)];
      this.#checkDistinct(qubits[0], qubits[1], second);
      yield { lookback: undefined, qubits };
    }
  }

  /** Refuses a list that is no list of pairs of different qubits. */
  checkPairs(qubits: readonly number[]): void {
    this.#checkEven(qubits.length);
    for (let k = 0; k < qubits.length; k += 2) {
      this.#checkDistinct(qubits[k], qubits[k + 1], this.#statement.targets[k + 1]);
    }
  }

  #checkEven(count: number): void {
    if (count % 2 === 0) return;
    const { name, targets } = this.#statement;
    const last = targets[targets.length - 1];
    throw new StimError('STIM_SYNTAX', last, `an even number of targets of ${name}`, `${count}`);
  }

  #checkDistinct(a: number, b: number, word: Word): void {
    if (a === b) throw new StimError('STIM_MEANING', word, 'two different qubits', `${a} twice`);
  }

  #distinct(factors: PauliFactor[], word: Word): PauliFactor[] {
    const seen = new Set<number>();
    for (const { qubit } of factors) {
      if (seen.has(qubit)) {
        throw new StimError('STIM_UNSUPPORTED', word, 'each qubit once', `qubit ${qubit} twice`);
      }
      seen.add(qubit);
    }
    return factors;
  }

  #qubit(word: Word, digits: string): number {
    if (/^sweep\[/.test(digits)) {
      throw new StimError('STIM_UNSUPPORTED', word, 'a qubit', `the sweep bit '${digits}'`);
    }
    const qubit = wholeNumber(word, digits, { most: STIM_LIMITS.qubits - 1, what: 'a qubit' });
    this.#counts.qubits = Math.max(this.#counts.qubits, qubit + 1);
    return qubit;
  }

  #factor(word: Word, text: string): PauliFactor {
    const pauli = text.charAt(0).toUpperCase();
    if (pauli !== 'X' && pauli !== 'Y' && pauli !== 'Z') {
      throw unexpected(word, 'a Pauli and its qubit such as X5');
    }
    return { qubit: this.#qubit(word, text.slice(1)), pauli };
  }

  #lookback(word: Word): number {
    const match = /^rec\[-(\d+)\]$/.exec(word.text);
    if (match === null) {
      if (/^[XYZ]\d+$/i.test(word.text)) {
        throw new StimError('STIM_UNSUPPORTED', word, 'a record rec[-k]', `'${word.text}'`);
      }
      throw unexpected(word, 'a record rec[-k]');
    }
    const most = Number.MAX_SAFE_INTEGER;
    const lookback = wholeNumber(word, match[1], { least: 1, most, what: 'a lookback' });
    const { measurements } = this.#counts;
    if (lookback > measurements) {
      const expected = `a record of the ${measurements} measurements so far`;
      throw new StimError('STIM_MEANING', word, expected, `'${word.text}'`);
    }
    return lookback;
  }
}

function isRecord(word: Word): boolean {
  return word.text.startsWith('rec[');
}
