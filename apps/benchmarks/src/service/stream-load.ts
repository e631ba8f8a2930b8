import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Candles } from '@sema/qar';
import { WebSocket } from 'ws';
import type { ServiceProcess } from './service-process.ts';

const WARM_UP = 256;
const INTERVAL_MS = 1000;
const START = Date.UTC(2024, 0, 1);

export interface StreamLoad {
  readonly markets: number;
  readonly candlesPerSecond: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** Candle sent to decision received, ms, one per decision. */
  readonly latenciesMs: Float64Array;
  readonly sent: number;
  readonly decided: number;
  /** From the first candle to the last decision, s. */
  readonly elapsedSeconds: number;
  /** Resident memory of the service, sampled as it went, bytes. */
  readonly residentBytes: readonly number[];
}

const SAMPLES = 30;
/** How long the last decisions may be on their way before they count as lost. */
const PATIENCE_MS = 10_000;

/** A candle of a recorded market, one a second. */
function candleAt({ open, high, low, close, volume }: Candles, index: number) {
  // The record is gone through again and again; the next round goes on from its last price.
  const at = index % open.length;
  return {
    time: START + index * INTERVAL_MS,
    open: open[at],
    high: high[at],
    low: low[at],
    close: close[at],
    volume: volume[at],
  };
}

/** Makes a market and feeds it until the next candle is decided on. */
export async function warmMarket(service: ServiceProcess, id: string, record: Candles) {
  const market = { id, pair: 'BENCH/USD', intervalMs: INTERVAL_MS, decideAt: 'close' };
  await service.ask('POST', '/v1/markets', market);
  const candles = Array.from({ length: WARM_UP }, (_, index) => candleAt(record, index));
  await service.ask('POST', `/v1/markets/${id}/candles`, { candles });
}

/** A stream of one market: sends candles by number, and tells of the decisions that come back. */
export class MarketStream {
  readonly #socket: WebSocket;
  readonly #record: Candles;
  #next: number;

  private constructor(socket: WebSocket, record: Candles, next: number) {
    this.#socket = socket;
    this.#record = record;
    this.#next = next;
  }

  static async open(
    service: ServiceProcess,
    id: string,
    record: Candles,
    onDecision: (sequence: number) => void,
    decided = 0,
  ): Promise<MarketStream> {
    const url = `${service.url.replace('http', 'ws')}/v1/markets/${id}/stream`;
    const socket = new WebSocket(url, ['sema.v1', `sema.bearer.${service.token}`], {
      perMessageDeflate: false,
    });
    socket.on('message', (data) => {
      // The service sends JSON text, in one buffer.
      const sequence = decisionIn(data as Buffer);
      if (sequence !== undefined) onDecision(sequence);
    });
    await once(socket, 'open');
    return new MarketStream(socket, record, WARM_UP + decided);
  }

  /** Sends the next candle, which the decision of this number answers. */
  send(): number {
    const index = this.#next++;
    const message = { type: 'candle', id: index, candle: candleAt(this.#record, index) };
    this.#socket.send(JSON.stringify(message));
    return index - WARM_UP + 1;
  }

  close(): void {
    this.#socket.terminate();
  }
}

const DECISION = /^\{"type":"decision","sequence":(\d+),/;

function decisionIn(message: Buffer): number | undefined {
  // Parsing all of a receipt would measure the client.
  const [, text] = DECISION.exec(message.toString('latin1', 0, 60)) ?? [];
  return text === undefined ? undefined : Number(text);
}

/** Sends candles at a steady rate to all markets in turn, and times every decision. */
export async function runLoad(
  service: ServiceProcess,
  record: Candles,
  { markets, candlesPerSecond, seconds }: StreamLoad,
): Promise<LoadResult> {
  const total = candlesPerSecond * seconds;
  const latenciesMs = new Float64Array(total);
  const each = Math.ceil(total / markets) + 1;
  let decided = 0;
  const streams: { stream: MarketStream; sentAt: Float64Array }[] = [];
  for (let i = 0; i < markets; i++) {
    const id = `bench-${String(i)}`;
    await warmMarket(service, id, record);
    const sentAt = new Float64Array(each + 1);
    const onDecision = (sequence: number): void => {
      latenciesMs[decided++] = performance.now() - sentAt[sequence];
    };
    streams.push({ stream: await MarketStream.open(service, id, record, onDecision), sentAt });
  }
  const residentBytes: number[] = [];
  const started = performance.now();
  let sent = 0;
  while (sent < total) {
    const due = Math.min(
      total,
      Math.floor((performance.now() - started) * (candlesPerSecond / 1000)),
    );
    for (; sent < due; sent++) {
      const { stream, sentAt } = streams[sent % markets];
      sentAt[Math.floor(sent / markets) + 1] = performance.now();
      stream.send();
    }
    if (residentBytes.length < (SAMPLES * sent) / total) {
      residentBytes.push(await service.residentBytes());
    }
    await setTimeout(1);
  }
  const given = performance.now() + PATIENCE_MS;
  while (decided < total && performance.now() < given) await setTimeout(5);
  const elapsedSeconds = (performance.now() - started) / 1000;
  for (const { stream } of streams) stream.close();
  return {
    latenciesMs: latenciesMs.subarray(0, decided),
    sent,
    decided,
    elapsedSeconds,
    residentBytes,
  };
}
