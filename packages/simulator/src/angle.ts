import { SimulatorError } from './errors.ts';

/**
 * A named number given when the circuit is run: the angle is factor · parameters[index].
 * Made by `circuit.parameter(name)`.
 */
export interface Parameter {
  readonly name: string;
  readonly index: number;
  readonly factor: number;
}

/** Radians, fixed or bound at run time. */
export type Angle = number | Parameter;

/**
 * factor · angle.
 *
 * @throws {SimulatorError} `INVALID_ANGLE` when the product, or the factor it leads to, is not
 *   finite
 */
export function scaled(angle: Angle, factor: number): Angle {
  const product = factor * (typeof angle === 'number' ? angle : angle.factor);
  if (!Number.isFinite(product)) {
    throw new SimulatorError('INVALID_ANGLE', `${product} as an angle or its factor is not finite`);
  }
  return typeof angle === 'number' ? product : { ...angle, factor: product };
}

/** The radians of an angle, its parameters known to be there. */
export function radians(angle: Angle, parameters: ArrayLike<number>): number {
  return typeof angle === 'number' ? angle : angle.factor * parameters[angle.index];
}

const MAX_PARAMETERS = 1 << 16;

/** The parameters of one circuit, by name and by number; at most 65 536. */
export class ParameterList {
  readonly all: Parameter[] = [];
  readonly #byName = new Map<string, Parameter>();

  /**
   * The parameter of this name, made on first use.
   *
   * @throws {SimulatorError} `INVALID_PARAMETER_NAME`, `TOO_MANY_PARAMETERS`
   */
  named(name: string): Parameter {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (name === '') {
      throw new SimulatorError('INVALID_PARAMETER_NAME', 'a parameter needs a name');
    }
    const index = this.all.length;
    if (index === MAX_PARAMETERS) {
      throw new SimulatorError('TOO_MANY_PARAMETERS', `${name} is one beyond ${MAX_PARAMETERS}`);
    }
    const parameter = Object.freeze({ name, index, factor: 1 });
    this.all.push(parameter);
    this.#byName.set(name, parameter);
    return parameter;
  }

  /**
   * A copy of angles that are all finite or multiples of these parameters.
   *
   * @throws {SimulatorError} `INVALID_ANGLE`, `UNKNOWN_PARAMETER`
   */
  checked(angles: readonly Angle[]): readonly Angle[] {
    // Array.from, unlike map, also visits holes.
    return Array.from(angles, (angle) => {
      const number = typeof angle === 'number' ? angle : angle.factor;
      if (!Number.isFinite(number)) {
        throw new SimulatorError(
          'INVALID_ANGLE',
          `${number} as an angle or its factor is not finite`,
        );
      }
      if (typeof angle !== 'number' && this.#byName.get(angle.name)?.index !== angle.index) {
        throw new SimulatorError('UNKNOWN_PARAMETER', `'${angle.name}' is not of this circuit`);
      }
      return angle;
    });
  }
}
