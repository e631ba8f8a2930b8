import { Engine, engineConfiguration, type IntelligenceType, type Verdict } from '@sema/qar';
import { compareScores } from '@sema/learning/regime-models';
import { mulberry32 } from '@sema/simulator';
import type { Clock } from '@sema/timing-buffer';
import { quantileOf } from '../harness.ts';
import { gainedBits, type GainedBits } from './information.ts';
import type { Market } from './markets.ts';

export const TYPES: readonly IntelligenceType[] = ['consensus', 'divergent', 'breakthrough'];
/** The emergence above which the design asks for a contrarian look. */
const FLAG_ABOVE = 0.7;

/** A decision whose outcome is known: from the open it fills at to the next. */
export interface SettledDecision {
  readonly verdict: Verdict;
  /** Simple return. */
  readonly change: number;
}

type Comparison = ReturnType<typeof compareScores>;

/** What something changes: below 0 is better for the Brier score, above 0 for the return. */
export interface Effect {
  readonly brier: Comparison;
  /** Net return per candle of a position of (long − short) of equity, as fractions. */
  readonly net: Comparison;
}

interface Ablation extends Effect {
  /**
   * The same on the second half of the decisions, where each side's log odds are first scaled by
   * the constant that made its loss least on the first half: what is left is not a matter of how
   * sure to be.
   */
  readonly calibrated: Effect;
}

export interface TypeEffect extends Ablation {
  /** Share of decisions on which it had an opinion. */
  readonly spoke: number;
  readonly gained: GainedBits;
}

export interface EmergenceEffect extends Ablation {
  readonly threshold: number;
  readonly flagged: number;
}

/** Decides on a market once, with everything measured, by the twins. */
export function decideAll(market: Market, clock: Clock, most: number): SettledDecision[] {
  const { candles, intervalMs, periodsPerYear, name } = market;
  const configuration = engineConfiguration(
    { pair: name.replace(/[^\w]/g, ''), intervalMs, periodsPerYear, path: 'twin' },
    { collective: 'consensus', emergenceThreshold: FLAG_ABOVE },
  );
  using engine = new Engine(configuration, { clock });
  const settled: SettledDecision[] = [];
  const first = configuration.windowCandles - 1;
  const end = Math.min(candles.length - 2, first + most);
  for (let index = first; index < end; index++) {
    const { receipt } = engine.step(candles, index, { now: candles.time[index] + intervalMs });
    const { verdict } = receipt;
    const change = candles.open[index + 2] / candles.open[index + 1] - 1;
    if (verdict !== null) settled.push({ verdict, change });
  }
  checkFilter(settled);
  return settled;
}

/** What one type of intelligence tells, and what letting it act would have changed. */
export function typeEffect(
  decisions: Decisions,
  type: IntelligenceType,
  exchanges: number,
): TypeEffect {
  const opinion = ({ verdict }: SettledDecision) => verdict.collective?.opinions[type] ?? null;
  const board: Policy = ({ verdict }) => alone(verdict);
  const joined: Policy = (one) => filtered(board(one), opinion(one));
  const told = decisions.filter((one) => opinion(one) !== null && one.change !== 0);
  const outcomes = Uint8Array.from(told, ({ change }) => Number(change > 0));
  return {
    spoke: decisions.filter((one) => opinion(one) !== null).length / decisions.length,
    gained: gainedBits(
      told.map((one) => opinion(one) ?? NaN),
      told.map(({ verdict }) => upShare(alone(verdict))),
      outcomes,
      { exchanges, random: mulberry32(1) },
    ),
    ...ablation(decisions, board, joined),
  };
}

/** What shrinking flagged positions would have changed, at a quantile of all emergence or 0.7. */
export function emergenceEffect(decisions: Decisions, quantile?: number): EmergenceEffect {
  const emergence = ({ verdict }: SettledDecision) => verdict.emergence?.emergence ?? 0;
  const all = decisions.map(emergence);
  const threshold = quantile === undefined ? FLAG_ABOVE : quantileOf(all, quantile);
  const multiplier = (value: number): number =>
    value > threshold ? 1 - 0.5 * ((value - threshold) / (1 - threshold)) : 1;
  return {
    threshold,
    flagged: all.filter((value) => value > threshold).length / all.length,
    ...ablation(
      decisions,
      ({ verdict }) => alone(verdict),
      (one) => shrunk(alone(one.verdict), multiplier(emergence(one))),
    ),
  };
}

type Decisions = readonly SettledDecision[];
type Preferences = readonly number[];
type Policy = (decision: SettledDecision) => Preferences;

function ablation(decisions: Decisions, without: Policy, having: Policy): Ablation {
  const middle = Math.floor(decisions.length / 2);
  const [past, future] = [decisions.slice(0, middle), decisions.slice(middle)];
  const calibrated = (policy: Policy): Policy => {
    const power = bestPower(past, policy);
    return (one) => tempered(policy(one), power);
  };
  return {
    ...effect(decisions, without, having),
    calibrated: effect(future, calibrated(without), calibrated(having)),
  };
}

const POWERS = Array.from({ length: 76 }, (_, k) => k / 50);

/** The power in [0, 1.5] to which preferences have the least Brier loss. */
function bestPower(decisions: Decisions, policy: Policy): number {
  const moved = decisions.filter(({ change }) => change !== 0);
  const said = moved.map(policy);
  const losses = POWERS.map((power) =>
    said.reduce((sum, preferences, k) => {
      const up = upShare(tempered(preferences, power));
      return sum + (up - Number(moved[k].change > 0)) ** 2;
    }, 0),
  );
  return POWERS[losses.indexOf(Math.min(...losses))];
}

function effect(decisions: Decisions, without: Policy, having: Policy): Effect {
  const moved = decisions.filter(({ change }) => change !== 0);
  const brier = (policy: Policy) =>
    moved.map((one) => (upShare(policy(one)) - Number(one.change > 0)) ** 2);
  return {
    brier: compareScores(brier(having), brier(without)),
    net: compareScores(netReturns(decisions, having), netReturns(decisions, without)),
  };
}

/** Fee and slippage of the engine's default configuration. */
const COST = 0.0015;

function netReturns(decisions: Decisions, policy: Policy): number[] {
  let held = 0;
  return decisions.map((one) => {
    const [short, , long] = policy(one);
    const position = long - short;
    const cost = COST * Math.abs(position - held);
    held = position;
    return position * one.change - cost;
  });
}

function alone({ collective }: Verdict): Preferences {
  if (collective === undefined) throw new Error('the collective is off');
  return collective.alone;
}

function upShare([short, , long]: Preferences): number {
  return long / (short + long);
}

/** As the engine does it; checked against its own below. */
function filtered(preferences: Preferences, up: number | null): Preferences {
  if (up === null) return preferences;
  const filter = [1 - up, Math.sqrt(up * (1 - up)), up];
  const joint = preferences.map((preference, action) => preference * filter[action]);
  const total = joint.reduce((sum, value) => sum + value, 0);
  return joint.map((value) => value / total);
}

/** Every probability to a power, scaled to sum 1: the log odds times a constant. */
function tempered(preferences: Preferences, power: number): Preferences {
  const raised = preferences.map((preference) => preference ** power);
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

/** A side's lead, and how far its probability is from one half, by so much. */
function shrunk([short, flat, long]: Preferences, by: number): Preferences {
  const given = (1 - by) * (long - short);
  return [short + given / 2, flat, long - given / 2];
}

function checkFilter(decisions: Decisions): void {
  for (const { verdict } of decisions) {
    const expected = filtered(alone(verdict), verdict.collective?.opinions.consensus ?? null);
    expected.forEach((preference, action) => {
      if (Math.abs(preference - verdict.preferences[action]) > 1e-12) {
        throw new Error('the collective acts otherwise than it is measured');
      }
    });
  }
}
