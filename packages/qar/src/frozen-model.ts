import { checkConfiguration, configurationHash } from './configuration.ts';
import type { EngineConfiguration } from './configuration.ts';
import { decodeEngine, readSections } from './engine-snapshot.ts';
import { QarError } from './errors.ts';
import type { DecidingModel, Model } from './model.ts';
import type { LadderState } from './risk/ladder.ts';
import { RiskGate } from './risk/risk-gate.ts';

/** What a snapshot decides with when nothing is learned any more. */
export interface FrozenModel {
  readonly model: Model;
  /** The same, as it decides. */
  readonly deciding: DecidingModel;
  /** The rung that its market had reached. */
  readonly ladder: LadderState;
}

/** Settings of a run that may be others than those its frozen model was made under. */
const OF_TRADING: readonly (keyof EngineConfiguration)[] = [
  'path',
  'startingEquity',
  'feeRate',
  'slippageRate',
  'risk',
  'execution',
];

/**
 * The frozen model of a snapshot.
 *
 * @param configuration - which the snapshot was taken under.
 * @throws {QarError} `BAD_SNAPSHOT`
 */
export function frozenModel(snapshot: Uint8Array, configuration: EngineConfiguration): FrozenModel {
  const { engine } = readSections(snapshot);
  if (!(engine instanceof Uint8Array)) {
    throw new QarError('BAD_SNAPSHOT', 'the snapshot is of no session');
  }
  const { model, gate } = decodeEngine(engine, configuration);
  return { model, deciding: model.frozen(), ladder: gate.state().ladder };
}

/**
 * The configuration that a snapshot of a run or a session was taken under.
 *
 * @throws {QarError} `BAD_SNAPSHOT`, also for one that was written before snapshots named it;
 *   `BAD_CONFIGURATION`.
 */
export function snapshotConfiguration(snapshot: Uint8Array): EngineConfiguration {
  const { configuration } = readSections(snapshot);
  if (typeof configuration !== 'object' || configuration === null) {
    throw new QarError('BAD_SNAPSHOT', 'the snapshot does not name the settings it was made under');
  }
  // Whether it is one, field by field, is checked next.
  const given = configuration as unknown as EngineConfiguration;
  checkConfiguration(given);
  return given;
}

/**
 * What a frozen model decides under in a run: its own settings, but on the path of the run.
 *
 * @throws {QarError} `BAD_CONFIGURATION` when the run has other settings than the model in anything
 *   but what trades.
 */
export function decidingConfiguration(
  own: EngineConfiguration,
  run: EngineConfiguration,
): EngineConfiguration {
  const given = configurationHash(run);
  // Both are configurations, so any key of one may be asked of both.
  for (const key of Object.keys(own) as (keyof EngineConfiguration)[]) {
    if (OF_TRADING.includes(key) || configurationHash({ ...run, [key]: own[key] }) === given) {
      continue;
    }
    const values = [run[key], own[key]].map((value) => JSON.stringify(value));
    throw new QarError(
      'BAD_CONFIGURATION',
      `${key} is ${values[0]}; the frozen model was made under ${values[1]}`,
    );
  }
  return { ...own, path: run.path };
}

/** A gate that has seen nothing yet, on a rung of the ladder. */
export function gateOnRung(
  { risk, startingEquity, intervalMs }: EngineConfiguration,
  ladder: LadderState | undefined,
): RiskGate {
  const gate = new RiskGate(risk, startingEquity, intervalMs);
  if (ladder === undefined) return gate;
  return RiskGate.restore(risk, intervalMs, { ...gate.state(), ladder });
}
