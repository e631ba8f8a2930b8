import {
  CONFIGURATION_RULES,
  configurationOverrides,
  engineConfiguration,
  machineWithout,
  type ConfigurationOverrides,
  type EngineConfiguration,
  type FusionPart,
  type MachineMaker,
} from '@sema/qar';
import { merged, type Settings } from '../configuration-file.ts';
import { settingsAt } from './search-space.ts';

/** The engine with some settings changed. */
export interface Variant {
  readonly id: string;
  readonly title: string;
  readonly configuration: EngineConfiguration;
  /** Runs its circuits; one without errors when absent. */
  readonly machine?: MachineMaker;
}

/** The same settings, some of them changed. @throws {QarError} `BAD_CONFIGURATION` */
export function changed(
  configuration: EngineConfiguration,
  settings: Settings,
): EngineConfiguration {
  const { pair, intervalMs, periodsPerYear } = configuration;
  const { path = configuration.path } = settings;
  const overrides = merged({ ...configuration }, settings);
  return engineConfiguration({ pair, intervalMs, periodsPerYear, path }, overrides);
}

/** Neighbours of a configuration, one setting changed at a time: what a search would have tried. */
export function neighbours(configuration: EngineConfiguration): Variant[] {
  const twin = changed(configuration, { path: 'twin' });
  const { choiceSensitivity, evaluationCandles, liquidity, learningRate, recordMemory } = twin;
  const half = (value: number, least: number) => Math.max(least, Math.round(value / 2));
  const settings: [string, ConfigurationOverrides][] = [
    ['choice sensitivity halved', { choiceSensitivity: choiceSensitivity / 2 }],
    ['choice sensitivity doubled', { choiceSensitivity: choiceSensitivity * 2 }],
    ['evaluation horizon halved', { evaluationCandles: half(evaluationCandles, 1) }],
    ['evaluation horizon doubled', { evaluationCandles: evaluationCandles * 2 }],
    ['liquidity halved', { liquidity: liquidity / 2 }],
    ['liquidity doubled', { liquidity: liquidity * 2 }],
    ['learning rate halved', { learningRate: learningRate / 2 }],
    ['learning rate doubled', { learningRate: Math.min(8, learningRate * 2) }],
    ['record memory halved', { recordMemory: half(recordMemory, 20) }],
    ['record memory doubled', { recordMemory: recordMemory * 2 }],
  ];
  return settings.map(([title, overrides]) => variant(title, changed(twin, overrides)));
}

/** Each quantum component, and what the decision is without it. */
const PARTS: readonly (readonly [FusionPart, string])[] = [
  ['lmsr', 'LMSR without a say'],
  ['prospect', 'prospects without a say'],
  ['hedge', 'the Hedge mixture without a say'],
  ['feedback', 'feedback that turns nothing'],
];

/**
 * The engine with one part taken out at a time: each algorithm from the fusion of the circuits, the
 * rest in closed form; and with every switch among its own settings turned.
 */
export function ablations(configuration: EngineConfiguration): Variant[] {
  const twin = changed(configuration, { path: 'twin' });
  return [
    variant('market moved by no expert', changed(twin, { liquidity: 1e6 })),
    ...PARTS.map(([part, title]) => ({
      ...variant(title, changed(configuration, { path: 'quantum' })),
      machine: machineWithout(part),
    })),
    variant('weights that do not learn', changed(twin, { learningRate: 1e-9 })),
    ...switches(twin),
  ];
}

/** What the risk gate and execution are told is policy, not a part of the decision. */
const POLICY = /^(?:path|risk\..*|execution\..*)$/;

function switches(twin: EngineConfiguration): Variant[] {
  return Object.entries(CONFIGURATION_RULES).flatMap(([path, rule]) => {
    if (POLICY.test(path)) return [];
    const now = settingAt(twin, path);
    const values =
      rule.kind === 'boolean' ? [true, false] : rule.kind === 'choice' ? rule.values : [];
    return values
      .filter((value) => value !== now)
      .map((value) => {
        const settings = configurationOverrides(settingsAt([{ path, values: [value] }], [value]));
        return variant(`${path} ${String(value)}`, changed(twin, settings));
      });
  });
}

function settingAt(settings: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => new Map<string, unknown>(Object.entries(Object(value) as object)).get(name),
      settings,
    );
}

function variant(title: string, configuration: EngineConfiguration): Variant {
  return { id: title.replaceAll(/[^\w.]+/g, '-'), title, configuration };
}
