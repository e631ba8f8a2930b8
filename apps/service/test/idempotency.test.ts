import { describe, expect, test } from 'vitest';
import { Problem } from '../src/api/problem.ts';
import { AuditPage } from '../src/api/token.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';

const RISK = `/v1/markets/${MARKET.id}/risk`;
const HALT = { command: 'halt', reason: 'news', who: 'ann' };

describe('a request sent twice under one key', () => {
  test('is carried out once and answered alike, also after a restart', async () => {
    using directory = temporaryDirectory();
    const options = { dataDirectory: directory.path };
    const first = await runService(options);
    await first.ask('POST', '/v1/markets', MARKET);
    const key = { 'idempotency-key': 'halt-1' };
    const once = await first.ask('POST', RISK, HALT, key);
    const text = await once.text();
    expect(once.headers.get('idempotency-replayed')).toBeNull();
    const twice = await first.ask('POST', RISK, HALT, key);
    expect(twice.headers.get('idempotency-replayed')).toBe('true');
    expect(await twice.text()).toBe(text);
    await first[Symbol.asyncDispose]();
    await using second = await runService(options);
    const headers = { ...key, authorization: `Bearer ${first.token}` };
    const later = await second.ask('POST', RISK, HALT, headers);
    expect(await later.text()).toBe(text);
    const audit = await second.ask('GET', '/v1/audit', undefined, headers);
    const halts = AuditPage.parse(await audit.json()).entries.filter(
      ({ action }) => action === 'risk halt',
    );
    expect(halts).toHaveLength(1);
  });

  test('is refused with another body, and while the first is being answered', async () => {
    await using running = await runService();
    await running.ask('POST', '/v1/markets', MARKET);
    const key = { 'idempotency-key': 'k' };
    await running.ask('POST', RISK, HALT, key);
    const other = await running.ask('POST', RISK, { ...HALT, reason: 'other' }, key);
    expect(Problem.parse(await other.json()).code).toBe('IDEMPOTENCY_KEY_REUSED');
    const path = `/v1/markets/${MARKET.id}/candles`;
    const body = { candles: recordedCandles(300) };
    const both = await Promise.all([
      running.ask('POST', path, body, { 'idempotency-key': 'c' }),
      running.ask('POST', path, body, { 'idempotency-key': 'c' }),
    ]);
    // One is carried out; the other comes while it is, or after it.
    const carriedOut = both.filter(
      ({ status, headers }) => status === 200 && headers.get('idempotency-replayed') === null,
    );
    expect(carriedOut).toHaveLength(1);
    const bad = await running.ask('POST', RISK, HALT, { 'idempotency-key': 'x'.repeat(129) });
    expect(Problem.parse(await bad.json()).code).toBe('BAD_REQUEST');
  });

  test('that failed is carried out when it is sent again', async () => {
    await using running = await runService();
    const key = { 'idempotency-key': 'k' };
    expect((await running.ask('POST', RISK, HALT, key)).status).toBe(404);
    await running.ask('POST', '/v1/markets', MARKET);
    expect((await running.ask('POST', RISK, HALT, key)).status).toBe(200);
  });
});

describe('an outcome', () => {
  test('is counted once by its id, and refused with other values', async () => {
    await using running = await runService();
    await running.ask('POST', '/v1/markets', MARKET);
    const path = `/v1/markets/${MARKET.id}/outcomes`;
    const outcome = { id: 't-1', closedAt: 1e12, return: 0.02, stopped: false };
    const tell = async (value: object) => running.ask('POST', path, { outcomes: [value] });
    const [taken, known] = [await tell(outcome), await tell(outcome)];
    expect(await taken.json()).toEqual({ outcomes: [{ id: 't-1', status: 'taken' }] });
    expect(await known.json()).toEqual({ outcomes: [{ id: 't-1', status: 'known' }] });
    const other = await tell({ ...outcome, return: 0.03 });
    expect(Problem.parse(await other.json()).code).toBe('OUTCOME_CONFLICT');
    const risk = await running.ask('GET', `/v1/markets/${MARKET.id}/risk`);
    expect(await risk.json()).toMatchObject({
      state: { trades: [{ time: 1e12, return: 0.02, stopped: false }] },
    });
  });

  test('told of a pair counts in its markets, and the pair has one risk state', async () => {
    await using running = await runService();
    await running.ask('POST', '/v1/markets', MARKET);
    await running.ask('POST', '/v1/markets', { ...MARKET, id: 'second', path: 'twin' });
    const outcome = {
      id: 'freqtrade-1',
      pair: MARKET.pair,
      decisionId: null,
      openedAt: 1e12,
      closedAt: 1e12 + 1,
      openRate: 1,
      closeRate: 2,
      return: 1,
      exitReason: 'stop_loss',
    };
    expect((await running.ask('POST', '/v1/outcomes', outcome)).status).toBe(200);
    await running.ask('POST', '/v1/markets/second/risk', HALT);
    const pair = await running.ask('GET', '/v1/risk?pair=BTC%2FUSDT');
    expect(await pair.json()).toMatchObject({ trading: 'HALTED', markets: [MARKET.id, 'second'] });
    const risk = await running.ask('GET', '/v1/markets/second/risk');
    expect(await risk.json()).toMatchObject({ state: { trades: [{ stopped: true }] } });
    expect((await running.ask('GET', '/v1/risk?pair=XRP%2FUSDT')).status).toBe(404);
  });
});
