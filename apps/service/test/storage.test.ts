import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { describe, expect, test } from 'vitest';
import { DecisionPage } from '../src/api/decision.ts';
import { startService } from '../src/index.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import type { RunningService } from './running-service.ts';

const CANDLES = `/v1/markets/${MARKET.id}/candles`;

async function feed(running: RunningService, from: number, to: number, token = running.token) {
  const candles = recordedCandles(to - from, from);
  const headers = { authorization: `Bearer ${token}` };
  expect((await running.ask('POST', CANDLES, { candles }, headers)).status).toBe(200);
}

async function bodies(running: RunningService, token = running.token): Promise<unknown[]> {
  const headers = { authorization: `Bearer ${token}` };
  const path = `/v1/markets/${MARKET.id}/decisions?limit=1000`;
  const page = DecisionPage.parse(
    await (await running.ask('GET', path, undefined, headers)).json(),
  );
  return page.decisions.map(({ body }) => body);
}

describe('a restart', () => {
  test('goes on with the decisions that one run would have made', async () => {
    await using whole = await runService();
    await whole.ask('POST', '/v1/markets', MARKET);
    await feed(whole, 0, 320);
    using directory = temporaryDirectory();
    const options = { dataDirectory: directory.path };
    const first = await runService(options);
    const { token } = first;
    await first.ask('POST', '/v1/markets', MARKET);
    await feed(first, 0, 290);
    await first[Symbol.asyncDispose]();
    await using second = await runService(options);
    await feed(second, 290, 320, token);
    expect(await bodies(second, token)).toEqual(await bodies(whole));
  });

  test('keeps a halt', async () => {
    using directory = temporaryDirectory();
    const options = { dataDirectory: directory.path };
    const first = await runService(options);
    await first.ask('POST', '/v1/markets', MARKET);
    const halt = { command: 'halt', reason: 'news', who: 'ann' };
    await first.ask('POST', `/v1/markets/${MARKET.id}/risk`, halt);
    await first[Symbol.asyncDispose]();
    await using second = await runService(options);
    const headers = { authorization: `Bearer ${first.token}` };
    const market = await second.ask('GET', `/v1/markets/${MARKET.id}`, undefined, headers);
    expect(await market.json()).toMatchObject({ trading: 'HALTED' });
  });
});

describe('a data directory', () => {
  const start = (dataDirectory: string) =>
    startService({ dataDirectory, port: 0, logLevel: 'silent' });

  test('is open in one process at a time', async () => {
    await using running = await runService();
    const refusal = { code: 'DATA_IN_USE', next: expect.any(String) as string };
    await expect(start(running.data)).rejects.toMatchObject(refusal);
  });

  test('is readable by nobody else', async () => {
    await using running = await runService();
    for (const [path, mode] of [
      ['keys', 0o700],
      ['keys/journal.pem', 0o600],
      ['keys/tokens.pem', 0o600],
    ] as const) {
      expect(statSync(join(running.data, path)).mode & 0o777).toBe(mode);
    }
  });

  test('with a damaged file is refused, and the file left alone', async () => {
    using directory = temporaryDirectory();
    const first = await runService({ dataDirectory: directory.path });
    await first.ask('POST', '/v1/markets', MARKET);
    await feed(first, 0, 280);
    await first[Symbol.asyncDispose]();
    const file = join(directory.path, 'sema.sqlite');
    const sound = readFileSync(file);
    for (const damage of ['header', 'schema', 'cut']) {
      const bytes = damage === 'cut' ? sound.subarray(0, sound.length / 2) : Buffer.from(sound);
      if (damage === 'header') bytes.fill(0x41, 0, 64);
      if (damage === 'schema') bytes.fill(0xff, 100, 4000);
      writeFileSync(file, bytes);
      const refusal = { code: 'DATA_CORRUPT', next: expect.stringContaining('backup') as string };
      await expect(start(directory.path)).rejects.toMatchObject(refusal);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  test('damaged anywhere is refused, or goes on without a difference', async () => {
    using directory = temporaryDirectory();
    const first = await runService({ dataDirectory: directory.path });
    await first.ask('POST', '/v1/markets', MARKET);
    await feed(first, 0, 280);
    const expected = await bodies(first);
    await first[Symbol.asyncDispose]();
    const file = join(directory.path, 'sema.sqlite');
    const sound = readFileSync(file);
    const ends = new Set<string>();
    for (let part = 1; part < 8; part++) {
      const bytes = Buffer.from(sound);
      const from = Math.floor((sound.length * part) / 8);
      bytes.fill(0xff, from, from + 3000);
      writeFileSync(file, bytes);
      try {
        await using again = await runService({ dataDirectory: directory.path });
        expect(await bodies(again, first.token)).toEqual(expected);
        ends.add('went on');
      } catch (error) {
        expect(error).toMatchObject({ code: 'DATA_CORRUPT' });
        ends.add('refused');
      }
    }
    expect(ends).toContain('refused');
  });

  test('whose journal was rewritten is refused', async () => {
    using directory = temporaryDirectory();
    const first = await runService({ dataDirectory: directory.path });
    await first.ask('POST', '/v1/markets', MARKET);
    await feed(first, 0, 280);
    await first[Symbol.asyncDispose]();
    const database = new Sqlite(join(directory.path, 'sema.sqlite'));
    database.exec(
      `UPDATE journal SET line = replace(line, '"equity":', '"equity":1') WHERE position = 5`,
    );
    database.close();
    await expect(start(directory.path)).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining('CHAIN_BROKEN') as string,
    });
  });

  test('of a newer version is refused', async () => {
    using directory = temporaryDirectory();
    await (await runService({ dataDirectory: directory.path }))[Symbol.asyncDispose]();
    const database = new Sqlite(join(directory.path, 'sema.sqlite'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    await expect(start(directory.path)).rejects.toMatchObject({ code: 'DATA_NEWER' });
  });

  test('with a key that others can read, or that is none, is refused', async () => {
    using directory = temporaryDirectory();
    await (await runService({ dataDirectory: directory.path }))[Symbol.asyncDispose]();
    const path = join(directory.path, 'keys', 'tokens.pem');
    chmodSync(path, 0o644);
    const refusal = { code: 'KEY_NOT_USABLE' };
    await expect(start(directory.path)).rejects.toMatchObject(refusal);
    chmodSync(path, 0o600);
    writeFileSync(path, 'nonsense');
    await expect(start(directory.path)).rejects.toMatchObject(refusal);
  });

  test('whose file of exchanges is none is refused', async () => {
    using directory = temporaryDirectory();
    for (const text of ['', '[]', '{"A": {"ccxt": "binance"}}', '{"a1": {"ccxt": 1}}']) {
      writeFileSync(join(directory.path, 'exchanges.json'), text);
      const refusal = { code: 'EXCHANGES_NOT_USABLE' };
      await expect(start(directory.path)).rejects.toMatchObject(refusal);
    }
    const text = '{"offline": {"ccxt": "binance", "options": {"urls": {}}}}';
    writeFileSync(join(directory.path, 'exchanges.json'), text);
    await (await start(directory.path)).stop();
  });

  test('that cannot be made is refused', async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, 'file'), '');
    await expect(start(join(directory.path, 'file', 'data'))).rejects.toMatchObject({
      code: 'DATA_NOT_WRITABLE',
    });
  });
});
