import { ExperienceRegister, ExpertLearner, type UpdateForm } from '@sema/learning';
import type { ExpertStream } from './expert-streams.ts';

/** Regret after each round, and the bound on it. */
export interface RegretCurve {
  readonly name: string;
  readonly regret: Float64Array;
  readonly bound: Float64Array;
}

/** The cell of the register in which a stream without regimes is played. */
const HERE = { regimes: [1, 0, 0, 0], contexts: [1, 0, 0, 0] };

/** η that makes ln N/η + ηT/8 least, within what the form allows. */
function rateFor({ experts, rounds }: ExpertStream, form: UpdateForm): number {
  const rate = Math.sqrt((8 * Math.log(experts)) / rounds);
  return form === 'first-order' ? Math.min(0.5, rate) : rate;
}

/** Regret to the best expert so far of the learner for any number of experts. */
export function learnerCurve(stream: ExpertStream, seed: number): RegretCurve {
  const learningRate = rateFor(stream, 'rotation');
  const learner = new ExpertLearner({ experts: stream.experts, learningRate });
  const awake = new Array<boolean>(stream.experts).fill(true);
  const start = Math.log(stream.experts) / learningRate;
  return curve(
    stream,
    seed,
    { start, perRound: learningRate / 8 },
    {
      weights: () => learner.weights,
      update: (losses) => {
        learner.update(losses, awake);
      },
    },
  );
}

/** The same of the register of eight qubits, in one of its forms. */
export function registerCurve(stream: ExpertStream, seed: number, form: UpdateForm): RegretCurve {
  const learningRate = rateFor(stream, form);
  using register = new ExperienceRegister({ experts: stream.experts, learningRate, form });
  const awake = new Array<boolean>(stream.experts).fill(true);
  // The exact forms keep the weight of a cell; the first-order form only the bound over all
  // sixteen.
  const isExact = form !== 'first-order';
  const start = Math.log(isExact ? stream.experts : 16 * stream.experts) / learningRate;
  const perRound = isExact ? learningRate / 8 : 0.75 * learningRate;
  return curve(
    stream,
    seed,
    { start, perRound },
    {
      weights: () => register.weights(HERE),
      update: (losses) => {
        register.update(losses, awake, HERE, 0);
      },
    },
  );
}

/** Regret to the sequence of the stream's best experts, with a sharing register. */
export function sharingCurve(stream: ExpertStream, seed: number, share: number): RegretCurve {
  const { experts, rounds, shifts } = stream;
  const changes = shifts.length;
  const price = Math.log(experts) + (changes - 1) * Math.log((experts * rounds) / changes);
  const learningRate = Math.sqrt((8 * (price + changes)) / rounds);
  using register = new ExperienceRegister({ experts, learningRate, form: 'rotation' });
  const awake = new Array<boolean>(experts).fill(true);
  const lossesAt = stream.start(seed);
  const regret = new Float64Array(rounds);
  const bound = new Float64Array(rounds);
  let difference = 0;
  let allowed = Math.log(experts) / learningRate;
  for (let round = 0; round < rounds; round++) {
    const shift = shifts.find(({ from }) => from === round);
    if (shift !== undefined && round > 0 && share > 0) {
      allowed += Math.log(experts / share) / learningRate;
    }
    const best = shifts.findLast(({ from }) => from <= round)?.best ?? 0;
    const weights = register.weights(HERE);
    const losses = lossesAt(round, weights);
    difference += mean(weights, losses) - losses[best];
    allowed += learningRate / 8 - Math.log1p(-share) / learningRate;
    regret[round] = difference;
    bound[round] = allowed;
    register.update(losses, awake, HERE, share);
  }
  return { name: `${stream.name}, ${share > 0 ? 'shared' : 'plain'}`, regret, bound };
}

/** Largest difference between the weights of two forms at any round of a stream. */
export function largestGap(
  stream: ExpertStream,
  seed: number,
  forms: readonly [UpdateForm, UpdateForm],
): number {
  const learningRate = rateFor(stream, 'first-order');
  const options = { experts: stream.experts, learningRate };
  using first = new ExperienceRegister({ ...options, form: forms[0] });
  using second = new ExperienceRegister({ ...options, form: forms[1] });
  const awake = new Array<boolean>(stream.experts).fill(true);
  const lossesAt = stream.start(seed);
  let gap = 0;
  for (let round = 0; round < stream.rounds; round++) {
    const weights = first.weights(HERE);
    const losses = lossesAt(round, weights);
    second.weights(HERE).forEach((weight, e) => {
      gap = Math.max(gap, Math.abs(weight - weights[e]));
    });
    first.update(losses, awake, HERE, 0);
    second.update(losses, awake, HERE, 0);
  }
  return gap;
}

/** Largest regret over bound, over all prefixes. */
export function worstRatio({ regret, bound }: RegretCurve): number {
  return regret.reduce((worst, value, t) => Math.max(worst, value / bound[t]), -Infinity);
}

interface Player {
  readonly weights: () => Float64Array;
  readonly update: (losses: Float64Array) => void;
}

function curve(
  stream: ExpertStream,
  seed: number,
  { start, perRound }: { readonly start: number; readonly perRound: number },
  player: Player,
): RegretCurve {
  const lossesAt = stream.start(seed);
  const cumulative = new Float64Array(stream.experts);
  const regret = new Float64Array(stream.rounds);
  const bound = new Float64Array(stream.rounds);
  let suffered = 0;
  for (let round = 0; round < stream.rounds; round++) {
    const weights = player.weights();
    const losses = lossesAt(round, weights);
    suffered += mean(weights, losses);
    losses.forEach((loss, e) => (cumulative[e] += loss));
    player.update(losses);
    const best = cumulative.reduce((least, total) => Math.min(least, total), Infinity);
    regret[round] = suffered - best;
    bound[round] = start + perRound * (round + 1);
  }
  return { name: stream.name, regret, bound };
}

function mean(weights: Float64Array, losses: Float64Array): number {
  return weights.reduce((sum, weight, e) => sum + weight * losses[e], 0);
}
