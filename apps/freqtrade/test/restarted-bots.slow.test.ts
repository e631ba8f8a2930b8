import { join } from 'node:path';
import { test } from 'vitest';
import { Freqtrade } from '../src/demo/freqtrade.ts';
import { chooseStart, openStage, PAIR, startExchange } from '../src/demo/stage.ts';
import { until } from './condition.ts';
import { FaultyGateway } from './faulty-gateway.ts';
import type { OutcomeFault } from './faulty-gateway.ts';
import { PYTHON, SKIPPED, Workshop } from './real-freqtrade.ts';
import { expectToldOnce } from './told-once.ts';
import type { Bot } from './told-once.ts';

/** Minutes in which the bots are to enter, the one before their start included. */
const ENTRIES = 6;
/** Seconds; on a machine that is busy a bot is to wait rather than to refuse. */
const TIMEOUT = 60;

test.skipIf(SKIPPED !== '')(
  `bots that are killed around the closing of a trade tell of it exactly once${SKIPPED}`,
  async () => {
    await using workshop = new Workshop();
    const stage = await openStage(workshop);
    const { index } = await chooseStart(stage, { entries: ENTRIES, quiet: 0 });
    const exchange = await startExchange(stage, index, workshop);
    const bot = async (name: string, fault: OutcomeFault): Promise<Bot> => {
      const gateway = await FaultyGateway.start(stage.service.url);
      gateway.outcomeFault = fault;
      workshop.started(gateway);
      const { token, model } = stage;
      const sema = { url: gateway.url, token, model, position_fraction: 0.01, timeout: TIMEOUT };
      const freqtrade = new Freqtrade(
        PYTHON,
        join(workshop.folder, name),
        { pair: PAIR, exchangeUrl: exchange.url, sema, wallet: 10_000 },
        workshop.started,
      );
      return { freqtrade, gateway, bot: freqtrade.dryRun() };
    };
    const [lost, unanswered] = [await bot('lost', 'lost'), await bot('unanswered', 'unanswered')];
    await until(
      () => [lost, unanswered].every(({ freqtrade }) => freqtrade.trades().length > 0),
      ENTRIES * 60_000,
    );
    await expectToldOnce(stage, lost, unanswered);
  },
);
