import { expect } from 'vitest';
import type { Child } from '../src/demo/child.ts';
import type { Freqtrade } from '../src/demo/freqtrade.ts';
import { DEMO_MARKET, PAIR } from '../src/demo/stage.ts';
import type { Stage } from '../src/demo/stage.ts';
import { partOf } from '../src/demo/sema-service.ts';
import { until } from './condition.ts';
import type { FaultyGateway } from './faulty-gateway.ts';

/** A bot that trades through a gateway, in a dry run. */
export interface Bot {
  readonly freqtrade: Freqtrade;
  readonly gateway: FaultyGateway;
  readonly bot: Child;
}

const MARKET = `/v1/markets/${DEMO_MARKET.id}`;
/** What takes seconds alone may take minutes on a machine that is busy. */
const PATIENCE_MS = 240_000;

/**
 * Two bots with an open trade each, whose service is told of no closed trade yet. Their trades are
 * closed and both are killed: one before the service heard of its trade, one before it heard that
 * the service took it. Started again, and one once more in the ordinary way, they have told of each
 * trade of their databases once, and the market has learned from it.
 *
 * @param lost - whose gateway lets no outcome through.
 * @param unanswered - whose gateway lets outcomes through, and no answer back.
 */
export async function expectToldOnce(stage: Stage, lost: Bot, unanswered: Bot): Promise<void> {
  const { service } = stage;
  const bots = [lost, unanswered];
  const untaught = await decisionOf(stage, stage.model);
  // Those of the market's own account, on paper.
  const before = (await counted(stage)).length;
  const told = async () => (await counted(stage)).slice(before);
  await service.ask('POST', `${MARKET}/risk`, { command: 'halt', reason: 'test', who: 'test' });
  const isClosed = ({ freqtrade }: Bot): boolean =>
    freqtrade.trades().every(({ is_open: open }) => open === 0);
  await until(
    () => bots.every((one) => one.gateway.outcomes.dropped > 0 && isClosed(one)),
    PATIENCE_MS,
  );
  for (const { bot } of bots) await bot.stop('SIGKILL');
  const closed = (one: Bot) => one.freqtrade.trades().map(({ close_profit: earned }) => earned);
  expect(await told()).toEqual(closed(unanswered));

  for (const { gateway } of bots) gateway.outcomeFault = 'none';
  const [, again] = bots.map(({ freqtrade }) => freqtrade.dryRun());
  const answered = (one: Bot, times: number): boolean =>
    one.gateway.outcomes.answered >= times * closed(one).length;
  await until(() => bots.every((one) => answered(one, 1)), PATIENCE_MS);
  const taught = await snapshotOf(stage);
  await again.stop();
  unanswered.freqtrade.dryRun();
  await until(() => answered(unanswered, 2), PATIENCE_MS);

  const all = bots.flatMap(closed);
  expect(all.length).toBeGreaterThanOrEqual(2);
  expect((await told()).sort()).toEqual(all.sort());
  // An id is of the trade in its database, and of when it was opened.
  const ids = [unanswered, lost].flatMap(({ freqtrade }) =>
    freqtrade.trades().map(({ id }) => expect.stringMatching(`^freqtrade-${String(id)}-\\d+$`)),
  );
  expect(await audited(stage)).toEqual(ids);
  expect(await decisionOf(stage, taught)).not.toBe(untaught);
  expect(await snapshotOf(stage)).toBe(taught);
}

/** Returns of the trades that the market's gate counted, in their order. */
async function counted({ service }: Stage): Promise<(number | null)[]> {
  // As the API describes its answer, of the gate's state.
  const { state } = (await service.ask('GET', `${MARKET}/risk`)) as {
    state: { trades: { return: number }[] };
  };
  return state.trades.map((trade) => trade.return);
}

async function audited({ service }: Stage): Promise<string[]> {
  // As the API describes its answer; the detail of an outcome is the outcome.
  const { entries } = (await service.ask('GET', '/v1/audit?limit=1000')) as {
    entries: { action: string; detail: string }[];
  };
  return entries
    .filter(({ action }) => action === 'outcome')
    .map(({ detail }) => (JSON.parse(detail) as { id: string }).id);
}

async function snapshotOf({ service }: Stage): Promise<string> {
  const made = await service.ask('POST', `${MARKET}/snapshots`);
  // As the API describes its answer.
  return (made as { snapshot: { id: string } }).snapshot.id;
}

/** Id of a model's decision on the first window of the recording: no other model has it. */
async function decisionOf({ service, recording }: Stage, model: string): Promise<string | null> {
  const question = { pair: PAIR, interval: '1m', model };
  const { id } = await service.signals(question, partOf(recording.candles, 0, 256));
  return id[255];
}
