import { QarError } from '../errors.ts';

export interface PidGains {
  readonly proportional: number;
  readonly integral: number;
  readonly derivative: number;
}

export interface PidOptions {
  readonly gains: PidGains;
  /** The output stays within these; the integral stops growing where it would leave them. */
  readonly minimum: number;
  readonly maximum: number;
  /** An error counts as no larger than this, so that one stall is not mistaken for a trend. */
  readonly errorLimit: number;
}

/**
 * A controller that learns what to subtract from a process whose error answers in full at the next
 * step: e(k+1) = d(k+1) − u(k+1), where d is unknown and u the output. The output is so the
 * prediction of d, and the error what the prediction missed.
 *
 * @see Åström & Hägglund (1995), PID Controllers, ch. 3, for conditional integration
 */
export class PidController {
  readonly #options: PidOptions;
  #integral: number;
  #lastError: number | undefined;
  #output: number;

  /**
   * @throws {QarError} `BAD_CONFIGURATION` for bounds without 0 between them, an error limit that
   *   is not above 0, and gains with which the loop would not settle.
   */
  constructor(options: PidOptions) {
    const { gains, minimum, maximum, errorLimit } = options;
    if (!(minimum <= 0 && maximum >= 0 && maximum - minimum < Infinity)) {
      throw refusal(`bounds [${minimum}, ${maximum}] are not finite bounds around 0`);
    }
    if (!(errorLimit > 0)) throw refusal(`error limit ${errorLimit} is not above 0`);
    if (!settles(gains)) {
      const { proportional, integral, derivative } = gains;
      throw refusal(`gains ${proportional}, ${integral}, ${derivative} do not settle`);
    }
    this.#options = options;
    this.#integral = 0;
    this.#output = 0;
  }

  /** What to subtract next, within the bounds; 0 before the first error. */
  get output(): number {
    return this.#output;
  }

  /**
   * @param error - what the last output missed; finite.
   * @returns the next output.
   * @throws {QarError} `BAD_CONFIGURATION` when it is not finite; nothing is learned from it.
   */
  update(error: number): number {
    if (!Number.isFinite(error)) throw refusal(`error ${error} is not finite`);
    const { gains, minimum, maximum, errorLimit } = this.#options;
    const counted = Math.min(errorLimit, Math.max(-errorLimit, error));
    const change = this.#lastError === undefined ? 0 : counted - this.#lastError;
    const rest = gains.proportional * counted + gains.derivative * change;
    let integral = this.#integral + gains.integral * counted;
    // Against winding up: what is added up leads to a bound and not beyond it.
    if (counted > 0) integral = Math.max(this.#integral, Math.min(integral, maximum - rest));
    if (counted < 0) integral = Math.min(this.#integral, Math.max(integral, minimum - rest));
    this.#integral = integral;
    this.#lastError = counted;
    this.#output = Math.min(maximum, Math.max(minimum, integral + rest));
    return this.#output;
  }
}

/**
 * Whether errors die out: all roots of z³ + az² + bz + c, the loop's characteristic polynomial, lie
 * within the unit circle.
 *
 * @see Jury (1964), Theory and Application of the z-Transform Method
 */
export function settles({ proportional, integral, derivative }: PidGains): boolean {
  const a = proportional + integral + derivative - 1;
  const b = -(proportional + 2 * derivative);
  const c = derivative;
  return (
    // The polynomial at 1, and its opposite at −1.
    integral > 0 &&
    2 - 2 * proportional - integral - 4 * derivative > 0 &&
    Math.abs(c) < 1 &&
    Math.abs(b - a * c) < 1 - c * c
  );
}

function refusal(reason: string): QarError {
  return new QarError('BAD_CONFIGURATION', `the controller's ${reason}`);
}
