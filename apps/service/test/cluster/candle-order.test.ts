import type { Candle } from '@sema/qar';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from '../../src/cluster/candle-message.ts';
import type { MarketMessage } from '../../src/cluster/candle-message.ts';
import { BEGINNING, CandleOrder } from '../../src/cluster/candle-order.ts';
import type { OrderedCandle, Place } from '../../src/cluster/candle-order.ts';

const STEP = 60_000;

function candleAt(index: number): Candle {
  return { time: index * STEP, open: 1, high: 1, low: 1, close: 1, volume: 1 };
}

function message(index: number): MarketMessage {
  return {
    kind: 'candle',
    candle: candleAt(index),
    after: index === 0 ? null : (index - 1) * STEP,
  };
}

function change(from: number): MarketMessage {
  return { kind: 'change', from: from * STEP, blob: `changes/${String(from)}`, sha256: '0' };
}

/** Every message has the position after the one before, from 1 on. */
function run(messages: readonly MarketMessage[], place: Place = BEGINNING): OrderedCandle[] {
  const order = new CandleOrder(place);
  const through: OrderedCandle[] = [];
  messages.forEach((each, index) => {
    if (index + 1 <= place.after) return;
    order.offer(index + 1, each);
    for (let next = order.next(); next !== undefined; next = order.next()) through.push(next);
  });
  return through;
}

const indices = (through: readonly OrderedCandle[]): number[] =>
  through.map(({ candle }) => candle.time / STEP);

/** Candles that are repeated and shifted by less than are held, with changes among them. */
const shuffled = fc
  .record({
    count: fc.integer({ min: 1, max: 40 }),
    jitter: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 100, maxLength: 100 }),
    repeats: fc.array(fc.nat(39), { maxLength: 20 }),
    changes: fc.array(fc.record({ at: fc.nat(59), from: fc.nat(45) }), { maxLength: 3 }),
  })
  .map(({ count, jitter, repeats, changes }) => {
    const all = [
      ...Array.from({ length: count }, (_, index) => index),
      ...repeats.filter((r) => r < count),
    ];
    const keyed = all.map((index, i) => ({ index, key: index + jitter[i] }));
    keyed.sort((a, b) => a.key - b.key);
    const messages = keyed.map(({ index }) => message(index));
    for (const { at, from } of changes) messages.splice(at, 0, change(from));
    return { count, messages };
  });

test('candles that come in order go through at once', () => {
  const messages = [0, 1, 2].map(message);
  const through = run(messages);
  expect(indices(through)).toEqual([0, 1, 2]);
  expect(through.map(({ place }) => place.after)).toEqual([1, 2, 3]);
});

test('a candle waits for the one it follows, and the place to start from stays before it', () => {
  const through = run([message(0), message(2), message(3), message(1)]);
  expect(indices(through)).toEqual([0, 1, 2, 3]);
  expect(through.map(({ place }) => [place.after, place.seen])).toEqual([
    [1, 1],
    [1, 4],
    [2, 4],
    [4, 4],
  ]);
});

test('daily candles with weekends between them do not wait', () => {
  const days = [5, 8, 9].map((day, i, all): MarketMessage => {
    return { kind: 'candle', candle: candleAt(day), after: i === 0 ? null : all[i - 1] * STEP };
  });
  expect(indices(run(days))).toEqual([5, 8, 9]);
});

test('whatever the order and however often, each candle goes through once, in its order', () => {
  fc.assert(
    fc.property(shuffled, ({ count, messages }) => {
      expect(indices(run(messages))).toEqual(Array.from({ length: count }, (_, i) => i));
    }),
  );
});

test('started anew at any place, it goes on with the same candles and changes', () => {
  fc.assert(
    fc.property(shuffled, ({ messages }) => {
      const through = run(messages);
      through.forEach(({ place }, index) => {
        expect(run(messages, place)).toEqual(through.slice(index + 1));
      });
    }),
  );
});

test('a candle that never comes holds up 64 others, and no more', () => {
  const messages = [0, ...Array.from({ length: 65 }, (_, i) => i + 2)].map(message);
  expect(indices(run(messages.slice(0, 65)))).toEqual([0]);
  expect(indices(run(messages))).toEqual([0, ...Array.from({ length: 65 }, (_, i) => i + 2)]);
});

test('a change takes effect at its time, or with the next candle when that is over', () => {
  const effects = (messages: MarketMessage[]) =>
    run(messages).map(({ candle, change: made }) => [candle.time / STEP, made?.position]);
  expect(effects([message(0), change(2), message(1), message(2), message(3)])).toEqual([
    [0, undefined],
    [1, undefined],
    [2, 2],
    [3, undefined],
  ]);
  expect(effects([message(0), message(1), change(1), message(2)])).toEqual([
    [0, undefined],
    [1, undefined],
    [2, 3],
  ]);
});

test('of two changes that wait, the one announced last stands', () => {
  const through = run([change(1), change(2), message(0), message(1), message(2)]);
  expect(through.map(({ change: made }) => made?.blob)).toEqual([
    undefined,
    undefined,
    'changes/2',
  ]);
});

test('messages are read as they were written, and nothing else is a message', () => {
  const hash = 'a'.repeat(64);
  const messages: MarketMessage[] = [
    message(3),
    { kind: 'change', from: -5, blob: 'changes/x', sha256: hash },
  ];
  for (const each of messages) expect(decodeMessage(encodeMessage(each))).toEqual(each);
  const texts = [
    '',
    'null',
    '{}',
    '[]',
    '{"candle":[0,1,1,1,1],"after":null}',
    '{"candle":[0,1,1,1,1,null],"after":null}',
    '{"candle":[0.5,1,1,1,1,1],"after":null}',
    '{"candle":[0,1,1,1,1,1]}',
    '{"candle":[0,1,1,1,1,1],"after":0}',
    '{"candle":[0,1,1,1,1,1],"after":"-1"}',
    '{"change":null}',
    `{"change":{"from":"0","blob":"b","sha256":"${hash}"}}`,
    '{"change":{"from":0,"blob":"b","sha256":"xyz"}}',
  ];
  for (const text of texts) {
    expect(decodeMessage(new TextEncoder().encode(text)), text).toBeUndefined();
  }
  expect(decodeMessage(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
});
