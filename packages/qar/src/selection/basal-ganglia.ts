import { REGIMES } from '@sema/learning';
import type { Regime } from '@sema/learning';
import { ACTIONS } from '../actions.ts';
import type { Action } from '../actions.ts';
import { QarError } from '../errors.ts';
import { evidenceOf } from './evidence.ts';
import { FalseGoControl } from './false-go-control.ts';
import { LogisticCalibrator } from './logistic-calibrator.ts';
import { OpenPositions } from './open-positions.ts';
import type { SettledPosition, TradingCosts } from './open-positions.ts';

/** Share of positions that end without profit that a mode lets go. */
export const FALSE_GO_TARGETS = { conservative: 0.1, balanced: 0.25, aggressive: 0.5 } as const;
export type SelectionMode = keyof typeof FALSE_GO_TARGETS;
export const SELECTION_MODES = Object.keys(FALSE_GO_TARGETS) as readonly SelectionMode[];

export interface SelectionOptions extends TradingCosts {
  readonly selectionMode: SelectionMode;
  /** Candles for which a position is held to see what comes of it. */
  readonly positionCandles: number;
  /** Independent outcomes remembered, per direction and per regime. */
  readonly recordMemory: number;
}

export interface Selection {
  readonly action: Action;
  /**
   * How probable it is that the position ends in profit after its costs, taken at the next open and
   * closed `positionCandles` later; undefined while too few outcomes are known, and for `flat`,
   * which takes none.
   */
  readonly confidence: number | undefined;
  /** False when the evidence is too common among wrong decisions of the regime: do nothing. */
  readonly go: boolean;
  /**
   * Share of the wrong decisions of the regime that had no less evidence, and the most at which a
   * decision goes; undefined for `flat`.
   */
  readonly wrongShare: number | undefined;
  readonly goLevel: number | undefined;
}

export interface SelectionSnapshot {
  /** Of short and long. */
  readonly calibrators: { readonly short: Float64Array; readonly long: Float64Array };
  readonly controls: Readonly<Record<Regime, Float64Array>>;
  readonly positions: { readonly rows: Float64Array; readonly newest: number };
}

/**
 * Go / no-go selection among competing actions, and what the chosen one is worth.
 *
 * The likeliest action is the candidate. `flat` goes whenever it is: to hold nothing takes no
 * evidence. A position goes if its evidence is rare enough among positions of the same regime that
 * ended without profit; the threshold of each regime follows its outcomes so that of those a
 * share goes that the mode states. Its confidence is calibrated on outcomes of its direction.
 *
 * Every position asked for is followed, taken or not, so that what never goes is learned too. What
 * became of one that was taken elsewhere may be told besides.
 *
 * @see Bogacz & Gurney (2007), whose thresholds on posteriors set the error rate where preferences
 *   are posteriors; here they are not, and the threshold is learned. Frank (2006), Hold your
 *   horses, Neural Networks 19, for a threshold that rises with conflict.
 */
export class BasalGanglia {
  readonly #calibrators: { readonly short: LogisticCalibrator; readonly long: LogisticCalibrator };
  readonly #controls: readonly FalseGoControl[];
  readonly #positions: OpenPositions;
  readonly #overlap: number;

  constructor(options: SelectionOptions, parts?: SelectionParts) {
    const { positionCandles } = options;
    this.#overlap = positionCandles;
    const calibrator = (): LogisticCalibrator => new LogisticCalibrator(memoryOf(options));
    this.#calibrators = parts?.calibrators ?? { short: calibrator(), long: calibrator() };
    this.#controls =
      parts?.controls ?? REGIMES.map(() => new FalseGoControl(controlOptions(options)));
    this.#positions = parts?.positions ?? new OpenPositions(positionCandles, options);
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(options: SelectionOptions, snapshot: unknown): BasalGanglia {
    const { calibrators, controls, positions } = fields(snapshot);
    const { short, long } = fields(calibrators);
    const control = fields(controls);
    const { rows, newest } = fields(positions);
    return new BasalGanglia(options, {
      calibrators: {
        short: LogisticCalibrator.restore(memoryOf(options), short),
        long: LogisticCalibrator.restore(memoryOf(options), long),
      },
      controls: REGIMES.map((regime) =>
        FalseGoControl.restore(controlOptions(options), control[regime]),
      ),
      positions: OpenPositions.restore(options.positionCandles, options, { rows, newest }),
    });
  }

  /** Takes the open of a candle, before its decision, and learns from the position it closes. */
  advance(open: number): void {
    const closed = this.#positions.advance(open);
    if (closed !== undefined) this.#learn(closed);
  }

  /**
   * Learns from a position that was really taken, for as long as it was held. It shares its candles
   * with no other that was, so it counts as one independent outcome: as much as all those together
   * that overlap with one that is only followed.
   */
  learnTaken(closed: SettledPosition): void {
    for (let part = 0; part < this.#overlap; part++) this.#learn(closed);
  }

  /** What the last selection asked for, as numbers: side, evidence, and 1 if it went. */
  get proposed(): readonly number[] {
    return this.#positions.newest();
  }

  /**
   * Selects the action of this candle.
   *
   * @param preferences - one per action, sum 1.
   */
  select(preferences: Float64Array, regime: Regime): Selection {
    const selection = this.foresee(preferences, regime);
    const { action, go } = selection;
    if (action === 'flat') return selection;
    const evidence = evidenceOf(preferences[ACTIONS.indexOf(action)]);
    const side = action === 'long' ? 1 : -1;
    this.#positions.propose({ side, evidence, regime: REGIMES.indexOf(regime), went: go });
    return selection;
  }

  /** What `select` would answer, without following the position. */
  foresee(preferences: Float64Array, regime: Regime): Selection {
    let best = 0;
    for (let i = 1; i < ACTIONS.length; i++) if (preferences[i] > preferences[best]) best = i;
    const action = ACTIONS[best];
    if (action === 'flat') return FLAT;
    const side = action === 'long' ? 1 : -1;
    const evidence = evidenceOf(preferences[best]);
    const control = this.#controls[REGIMES.indexOf(regime)];
    const wrongShare = control.wrongShare(evidence);
    const go = wrongShare <= control.level;
    const confidence = this.#calibrator(side).probability(evidence);
    return { action, confidence, go, wrongShare, goLevel: control.level };
  }

  snapshot(): SelectionSnapshot {
    const { short, long } = this.#calibrators;
    const [stable, trending, volatile, crisis] = this.#controls.map((each) => each.snapshot());
    return {
      calibrators: { short: short.snapshot(), long: long.snapshot() },
      controls: { stable, trending, volatile, crisis },
      positions: this.#positions.snapshot(),
    };
  }

  #learn({ side, evidence, regime, went, profitable }: SettledPosition): void {
    this.#calibrator(side).learn(evidence, profitable);
    if (!profitable) this.#controls[regime].learn(evidence, went);
  }

  #calibrator(side: 1 | -1): LogisticCalibrator {
    return side === 1 ? this.#calibrators.long : this.#calibrators.short;
  }
}

const FLAT: Selection = {
  action: 'flat',
  confidence: undefined,
  go: true,
  wrongShare: undefined,
  goLevel: undefined,
};

interface SelectionParts {
  readonly calibrators: { readonly short: LogisticCalibrator; readonly long: LogisticCalibrator };
  readonly controls: readonly FalseGoControl[];
  readonly positions: OpenPositions;
}

function memoryOf({ recordMemory, positionCandles }: SelectionOptions) {
  return { memory: recordMemory, overlap: positionCandles };
}

function controlOptions(options: SelectionOptions) {
  return { target: FALSE_GO_TARGETS[options.selectionMode], ...memoryOf(options) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) {
    throw new QarError('BAD_SNAPSHOT', 'the selection is not the one of a snapshot');
  }
  return value as Readonly<Record<string, unknown>>;
}
