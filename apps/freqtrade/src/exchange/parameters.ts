import { BinanceError } from './binance-error.ts';

/** Milliseconds of the intervals Binance names; a month has no fixed length and is left out. */
export const INTERVALS: Readonly<Record<string, number>> = {
  '1s': 1000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '8h': 28_800_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
  '3d': 259_200_000,
  '1w': 604_800_000,
};

/** Longest text a parameter may be. */
const LONGEST = 64;

/** The parameters of one request, read in Binance's words. */
export class Parameters {
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) {
      const message = `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;
      throw new BinanceError('MANDATORY_PARAMETER', message);
    }
    return value;
  }

  optional(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === null || value === '') return undefined;
    if (value.length > LONGEST) illegal(name);
    return value;
  }

  /** A whole number in a range; what is above the range's end counts as that end. */
  integer(name: string, [least, most]: readonly [number, number]): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}$/.test(value) || Number(value) < least) illegal(name);
    return Math.min(Number(value), most);
  }

  /** A plain decimal number above 0. */
  amount(name: string): number {
    const value = this.text(name);
    const amount = Number(value);
    if (!/^\d{1,15}(\.\d{1,16})?$/.test(value) || !(amount > 0)) illegal(name);
    return amount;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.text(name);
    const choice = choices.find((known) => known === value);
    return choice ?? illegal(name);
  }
}

function illegal(name: string): never {
  const message = `Illegal characters found in parameter '${name}'.`;
  throw new BinanceError('ILLEGAL_PARAMETER', message);
}
