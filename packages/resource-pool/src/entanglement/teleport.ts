import { Circuit } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import type { RegisterSystem } from '../registers/register-system.ts';
import { entangle } from './entangle.ts';

/** The two measured bits: of the qubit sent, and of the near half of the pair. */
export interface TeleportOutcome {
  readonly source: 0 | 1;
  readonly near: 0 | 1;
}

/**
 * Moves the state of `from` to `to`, entanglement with other qubits included, over a fresh Bell
 * pair of `helper` and `to`. Exact for each of the four outcomes, which are equally likely.
 * `from` and `helper` are left |0⟩. Draws two numbers.
 *
 * @param route - `to` and `helper` must be |0⟩.
 * @throws {ResourcePoolError} `NOT_ZERO`, `ENTANGLED`, `INVALID_QUBITS`, `MEMORY_LIMIT`,
 *   `TOO_MANY_QUBITS`
 * @see Bennett et al. (1993), Phys. Rev. Lett. 70, 1895
 */
export function teleport(
  registers: RegisterSystem,
  route: { readonly from: number; readonly to: number; readonly helper: number },
  random: RandomSource,
): TeleportOutcome {
  const { from, to, helper } = route;
  registers.partners([from, to, helper]);
  entangle(registers, 'bell', [helper, to]);
  return teleportOver(registers, from, [helper, to], random);
}

/**
 * Moves the state of `from` to the far half of a pair that is there already, whatever its
 * quality: over a pair of entanglement fidelity F the average fidelity is (2F + 1)/3. `from` and
 * the near half are left |0⟩. Draws two numbers.
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS`, `MEMORY_LIMIT`, `TOO_MANY_QUBITS`
 * @see Horodecki, Horodecki & Horodecki (1999), Phys. Rev. A 60, 1888
 */
export function teleportOver(
  registers: RegisterSystem,
  from: number,
  pair: readonly [near: number, far: number],
  random: RandomSource,
): TeleportOutcome {
  const [near, far] = pair;
  const circuit = new Circuit(3, { bits: 2 })
    .cx(0, 1)
    .h(0)
    .measure(0, 0)
    .measure(1, 1)
    .when([1], 1, (then) => then.x(2))
    .when([0], 1, (then) => then.z(2))
    .reset(0)
    .reset(1);
  const { bits } = registers.run(circuit, [from, near, far], { random });
  return { source: bits[0] === 1 ? 1 : 0, near: bits[1] === 1 ? 1 : 0 };
}

/**
 * Entanglement swapping: of pairs (a, b) and (c, d) makes one of a and d, which never met, by
 * teleporting b over (c, d). b and c are left |0⟩. Werner pairs of weights p and q give weight p·q.
 * Draws two numbers.
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS`, `MEMORY_LIMIT`, `TOO_MANY_QUBITS`
 * @see Żukowski et al. (1993), Phys. Rev. Lett. 71, 4287
 */
export function swapEntanglement(
  registers: RegisterSystem,
  first: readonly [a: number, b: number],
  second: readonly [c: number, d: number],
  random: RandomSource,
): TeleportOutcome {
  registers.partners([...first, ...second]);
  return teleportOver(registers, first[1], second, random);
}

/**
 * A Bell pair that went through noise: with probability 1 − F one of X, Y, Z, equally likely, has
 * acted on its second qubit. The average is the Werner state of entanglement fidelity F. Draws one
 * number.
 *
 * @param fidelity - F, in [1/4, 1]; at 1/4 nothing is left of the entanglement.
 * @throws {ResourcePoolError} `INVALID_OPTION`; `NOT_ZERO`, `ENTANGLED`, `INVALID_QUBITS`
 * @see Werner (1989), Phys. Rev. A 40, 4277
 */
export function entangleNoisily(
  registers: RegisterSystem,
  pair: readonly [number, number],
  fidelity: number,
  random: RandomSource,
): void {
  if (!(fidelity >= 0.25 && fidelity <= 1)) {
    throw new ResourcePoolError('INVALID_OPTION', `fidelity ${fidelity} is not in [1/4, 1]`);
  }
  entangle(registers, 'bell', pair);
  const kept = Math.sqrt(fidelity);
  const each = Math.sqrt((1 - fidelity) / 3);
  const identity = [kept, 0, 0, 0, 0, 0, kept, 0];
  const x = [0, 0, each, 0, each, 0, 0, 0];
  const y = [0, 0, 0, -each, 0, each, 0, 0];
  const z = [each, 0, 0, 0, 0, 0, -each, 0];
  registers.applyChannel([identity, x, y, z], [pair[1]], random);
}
