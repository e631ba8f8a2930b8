import { Engine, engineConfiguration, type ConfigurationOverrides } from '@sema/qar';
import {
  decideAll,
  emergenceEffect,
  typeEffect,
  TYPES,
  type Effect,
  type SettledDecision,
} from '../collective/ablation.ts';
import { markets } from '../collective/markets.ts';
import { interleave, median, row, type Row, type Suite, type SuiteOptions } from '../harness.ts';
import { seededCandles } from '../seeded-candles.ts';

/** What the collective and emergence cost, and whether decisions are the better for them. */
export const collective: Suite = {
  name: 'collective',
  title: 'collective intelligence and emergence: cost, bits gained, ablation',
  run: (options) => [...costRows(options), ...marketRows(options)],
};

const SETTINGS: Readonly<Record<'emergence' | 'the collective', ConfigurationOverrides>> = {
  emergence: { emergenceThreshold: 0.7 },
  'the collective': { collective: 'consensus' },
};
/** Decisions before any is timed. */
const WARM = 20;

/** Whole decisions, with and without taking turns. */
function costRows({ clock, quick }: SuiteOptions): Row[] {
  const decisions = quick ? 20 : 300;
  const candles = seededCandles(256 + WARM + decisions, 7);
  return (['quantum', 'twin'] as const).flatMap((path) =>
    Object.entries(SETTINGS).map(([what, settings]) => {
      const required = { pair: 'SEEDED', intervalMs: 86_400_000, periodsPerYear: 365.25, path };
      using on = new Engine(engineConfiguration(required, settings), { clock });
      using off = new Engine(engineConfiguration(required), { clock });
      const engines = { on, off };
      const times = interleave(['on', 'off'], WARM + decisions, (name, round) => {
        const index = 255 + round;
        const now = candles.time[index] + 86_400_000;
        const started = clock.nowNs();
        engines[name].step(candles, index, { now });
        return (clock.nowNs() - started) / 1000;
      });
      return row({
        name: `decision with ${what}, ${path === 'quantum' ? 'circuits' : 'twins'}, p50`,
        value: median(times.on.subarray(WARM)),
        unit: 'µs',
        peer: { name: 'off', value: median(times.off.subarray(WARM)) },
      });
    }),
  );
}

function marketRows({ clock, quick, skipped }: SuiteOptions): Row[] {
  return markets().flatMap((market) => {
    if (typeof market === 'string') {
      skipped(`${market}: SEMA_DATA_DIR names no folder with it`);
      return [];
    }
    const decisions = decideAll(market, clock, quick ? 200 : Infinity);
    return [
      ...typeRows(market.name, decisions, quick ? 20 : 1000),
      ...emergenceRows(market.name, decisions),
    ];
  });
}

function typeRows(market: string, decisions: readonly SettledDecision[], exchanges: number): Row[] {
  return TYPES.flatMap((type) => {
    const measured = typeEffect(decisions, type, exchanges);
    const name = `${market}, ${type}`;
    const { spoke, gained } = measured;
    return [
      row({ name: `${name}: had an opinion`, value: 100 * spoke, unit: '% of decisions' }),
      row({
        name: `${name}: gained over the board`,
        value: 1000 * gained.bits,
        unit: 'millibits',
        peer: { name: 'chance, 97.5 %', value: 1000 * gained.chance[1] },
      }),
      ...ablationRows(name, measured),
    ];
  });
}

/** As designed, and where the tenth of decisions with the most emergence is flagged. */
function emergenceRows(market: string, decisions: readonly SettledDecision[]): Row[] {
  const figures = decisions.flatMap(({ verdict }) => verdict.emergence ?? []);
  const largest = (of: 'integration' | 'complexity' | 'emergence') =>
    row({
      name: `${market}, ${of}: largest`,
      value: figures.reduce((most, one) => Math.max(most, one[of]), 0),
      unit: '',
    });
  const designed = emergenceEffect(decisions);
  const lowered = emergenceEffect(decisions, 0.9);
  const name = `${market}, emergence above its 90 % quantile`;
  return [
    largest('integration'),
    largest('complexity'),
    largest('emergence'),
    row({
      name: `${market}, emergence above 0.7`,
      value: 100 * designed.flagged,
      unit: '% of decisions',
    }),
    row({ name, value: lowered.threshold, unit: '' }),
    ...ablationRows(name, lowered),
  ];
}

function ablationRows(name: string, measured: Effect & { readonly calibrated: Effect }): Row[] {
  return [
    ...effectRows(name, measured),
    ...effectRows(`${name}, both calibrated`, measured.calibrated),
  ];
}

/** Each with half of its 95 % interval beside it: a ratio within ±1 cannot be told from nothing. */
function effectRows(name: string, { brier, net }: Effect): Row[] {
  // Where nothing has changed there is no error to compare it with.
  const beside = (error: number) => error > 0 && { peer: { name: '± 95 %', value: 1.96 * error } };
  return [
    row({
      name: `${name}: loss changed`,
      value: brier.mean,
      unit: 'Brier',
      ...beside(brier.error),
    }),
    row({
      name: `${name}: net return changed`,
      value: 1e4 * net.mean,
      unit: 'bp a candle',
      ...beside(1e4 * net.error),
    }),
  ];
}
