import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sleep } from '../src/demo/child.ts';
import type { Child } from '../src/demo/child.ts';
import { Freqtrade } from '../src/demo/freqtrade.ts';
import { MINUTE_MS } from '../src/demo/recording.ts';
import { partOf, SemaService } from '../src/demo/sema-service.ts';
import {
  chooseStart,
  DEMO_MARKET,
  openStage,
  PAIR,
  startExchange,
  startService,
} from '../src/demo/stage.ts';
import type { Stage } from '../src/demo/stage.ts';
import { until } from './condition.ts';
import { FaultyGateway } from './faulty-gateway.ts';
import { importMs, PYTHON, SKIPPED, Workshop } from './real-freqtrade.ts';

/** Minutes of entries: two of failure, and those in which the bots recover. */
const ENTRIES = 6;
const RISK = `/v1/markets/${DEMO_MARKET.id}/risk`;

interface Subject {
  readonly name: 'killed' | 'halted' | 'slow' | 'rubbish';
  readonly gateway: FaultyGateway;
  readonly freqtrade: Freqtrade;
  readonly bot: Child;
}

test.skipIf(SKIPPED !== '')(
  `a service that is killed, halted, slow or talks rubbish: no entry, and recovery${SKIPPED}`,
  async () => {
    await using workshop = new Workshop();
    const stage = await openStage(workshop);
    // So that candles begin while the bots already run, but not long after: each imports freqtrade,
    // four at once, and asks for some candles.
    const quiet = 1 + Math.ceil((15_000 + 15 * importMs()) / MINUTE_MS);
    const { index } = await chooseStart(stage, { entries: ENTRIES, quiet });
    const services = await separateServices(stage, workshop);
    const exchange = await startExchange(stage, index, workshop);
    const firstEntryAt = (Math.floor(Date.now() / MINUTE_MS) + quiet) * MINUTE_MS;
    const subject = async (name: Subject['name'], { url }: SemaService): Promise<Subject> => {
      const gateway = await FaultyGateway.start(url);
      workshop.started(gateway);
      const freqtrade = new Freqtrade(
        PYTHON,
        join(workshop.folder, name),
        {
          pair: PAIR,
          exchangeUrl: exchange.url,
          sema: {
            url: gateway.url,
            token: stage.token,
            model: stage.model,
            position_fraction: 0.01,
          },
          wallet: 10_000,
        },
        workshop.started,
      );
      const bot = freqtrade.dryRun();
      return { name, gateway, freqtrade, bot };
    };
    const subjects = await Promise.all([
      subject('killed', services.killed.service),
      subject('halted', services.halted),
      subject('slow', stage.service),
      subject('rubbish', stage.service),
    ]);
    const [, , slow, rubbish] = subjects;

    await until(
      () => subjects.every(({ gateway }) => gateway.answered > 0),
      firstEntryAt - Date.now(),
    );
    expect(Date.now()).toBeLessThan(firstEntryAt);
    for (const { freqtrade } of subjects) expect(freqtrade.trades()).toEqual([]);
    slow.gateway.fault = 'slow';
    rubbish.gateway.fault = 'rubbish';
    await services.killed.process.stop('SIGKILL');
    await services.halted.ask('POST', RISK, { command: 'halt', reason: 'test', who: 'test' });
    const sound = subjects[1].gateway.answered;

    // The first candle that asks for an entry has closed, and each bot has had its answer.
    await until(
      () =>
        Date.now() > firstEntryAt &&
        subjects[1].gateway.answered > sound &&
        subjects.every(({ gateway, name }) => name === 'halted' || gateway.spoiled > 0),
      90_000 + MINUTE_MS,
    );
    await sleep(5000);
    for (const { freqtrade, bot, name } of subjects) {
      expect.soft({ name, trades: freqtrade.trades(), running: bot.running }).toEqual({
        name,
        trades: [],
        running: true,
      });
    }

    slow.gateway.fault = 'none';
    rubbish.gateway.fault = 'none';
    const port = Number(new URL(services.killed.service.url).port);
    const again = startService(services.killed.folder, port);
    workshop.started(again);
    await again.ready();
    // On a machine that is busy its first frame may take longer than the strategy waits.
    const question = { pair: PAIR, interval: '1m', model: stage.model };
    await services.killed.service.signals(question, partOf(stage.recording.candles, 0, 1000));
    await services.halted.ask('POST', RISK, { command: 'resume', reason: 'test', who: 'test' });
    await until(() => subjects.every(({ freqtrade }) => freqtrade.trades().length > 0), 150_000);
    for (const { freqtrade, bot } of subjects) {
      expect(freqtrade.trades()).toMatchObject([
        { pair: PAIR, stake_amount: expect.closeTo(99, -1) },
      ]);
      expect(bot.running).toBe(true);
    }
  },
);

/** Two more services over copies of the first one's data: what befalls them befalls no other. */
async function separateServices(stage: Stage, workshop: Workshop) {
  await stage.serviceProcess.stop();
  const copies = await Promise.all(
    ['killed', 'halted', ''].map(async (name) => {
      const folder = join(workshop.folder, name === '' ? '' : `${name}-service`);
      if (name !== '') cpSync(join(workshop.folder, 'service'), join(folder, 'service'), RECURSIVE);
      const process = startService(folder, name === '' ? portOf(stage) : 0);
      workshop.started(process);
      // As `sema serve --json` prints it.
      const { url } = (await process.ready()) as { url: string };
      return { folder, process, service: new SemaService(url, stage.service.token) };
    }),
  );
  const [killed, halted] = copies;
  return { killed, halted: halted.service };
}

const RECURSIVE = { recursive: true } as const;

function portOf({ service }: Stage): number {
  return Number(new URL(service.url).port);
}
