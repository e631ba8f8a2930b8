import { beforeAll, describe, expect, test } from 'vitest';
import type { Lease } from '@sema/qar/ports';
import { BAD_NAMES, expectRefusal, freshName, NEVER_MS, openPair } from './port-world.ts';
import type { OpenWorld, Pair } from './port-world.ts';

const LASTING = { leaseMs: NEVER_MS, silenceMs: NEVER_MS };
const SHORT = { leaseMs: 300, silenceMs: NEVER_MS };
/** Ends a test that would otherwise hang; nothing depends on it. */
const LONG_MS = 60_000;

async function held(node: Pair['here'], name: string, holder: string): Promise<Lease> {
  const lease = await node.leases.acquire(name, holder);
  if (lease === undefined) throw new Error(`${name} is held`);
  return lease;
}

/** The lease of a name once it is free. */
async function heldLater(node: Pair['here'], name: string, holder: string): Promise<Lease> {
  let lease: Lease | undefined;
  await expect
    .poll(async () => (lease = await node.leases.acquire(name, holder)), { timeout: LONG_MS })
    .toBeDefined();
  return lease!;
}

export function describeLeases(open: OpenWorld): void {
  describe('leases', () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await openPair(open, LASTING);
    });

    test('a name has one holder', async () => {
      const name = freshName('partition');
      const lease = await held(pair.here, name, 'node-1');
      expect([lease.name, lease.holder]).toEqual([name, 'node-1']);
      expect(await pair.there.leases.holder(name)).toBe('node-1');
      expect(await pair.there.leases.acquire(name, 'node-2')).toBeUndefined();
      expect(await pair.here.leases.acquire(name, 'node-1')).toBeUndefined();
    });

    test('of many who want a name at once one gets it', async () => {
      for (let round = 0; round < 5; round++) {
        const name = freshName('partition');
        const wanted = Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? pair.here : pair.there).leases.acquire(name, `node-${index}`),
        );
        const got = (await Promise.all(wanted)).filter((lease) => lease !== undefined);
        expect(got).toHaveLength(1);
        expect(await pair.there.leases.holder(name)).toBe(got[0].holder);
      }
    });

    test('what is given back is free at once, and the next token is greater', async () => {
      const name = freshName('partition');
      const tokens: number[] = [];
      for (let round = 0; round < 4; round++) {
        const node = round % 2 === 0 ? pair.here : pair.there;
        const lease = await held(node, name, `node-${round}`);
        tokens.push(lease.token);
        expect(await lease.renew()).toBe(true);
        await lease.release();
        expect(await pair.here.leases.holder(name)).toBeUndefined();
      }
      expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
      expect(tokens).toHaveLength(4);
    });

    test('a lease that was given back cannot be renewed, nor take away the next', async () => {
      const name = freshName('partition');
      const lease = await held(pair.here, name, 'node-1');
      await lease.release();
      const next = await held(pair.there, name, 'node-2');
      expect(await lease.renew()).toBe(false);
      await lease.release();
      expect(await pair.here.leases.holder(name)).toBe('node-2');
      expect(await next.renew()).toBe(true);
    });

    test('nobody holds an unknown name', async () => {
      expect(await pair.here.leases.holder(freshName('partition'))).toBeUndefined();
    });

    test('how long a lease lasts is known', () => {
      expect(pair.there.leases.lifetimeMs).toBe(LASTING.leaseMs);
    });

    test('names and holders that it does not take are refused', async () => {
      const { leases } = pair.here;
      for (const bad of BAD_NAMES) {
        await expectRefusal(leases.acquire(bad, 'node'), 'BAD_NAME');
        await expectRefusal(leases.acquire('name', bad), 'BAD_NAME');
        await expectRefusal(leases.holder(bad), 'BAD_NAME');
      }
    });
  });

  describe('leases that end', () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await openPair(open, SHORT);
    });

    test('a lease that is not renewed ends, and the next token is greater', async () => {
      const name = freshName('partition');
      const lost = await held(pair.here, name, 'node-1');
      const next = await heldLater(pair.there, name, 'node-2');
      expect(next.token).toBeGreaterThan(lost.token);
      expect(await lost.renew()).toBe(false);
    });

    test('a lost lease stays lost, also when the name is free again', async () => {
      const name = freshName('partition');
      const lost = await held(pair.here, name, 'node-1');
      await heldLater(pair.there, name, 'node-2');
      expect(await lost.renew()).toBe(false);
      const free = async () => (await pair.here.leases.holder(name)) === undefined;
      await expect.poll(free, { timeout: LONG_MS }).toBe(true);
      expect(await lost.renew()).toBe(false);
    });
  });

  test('a lease that is renewed outlives its time', async () => {
    const { here, there } = await openPair(open, { leaseMs: 5000, silenceMs: NEVER_MS });
    const name = freshName('partition');
    const lease = await held(here, name, 'node-1');
    const begin = performance.now();
    while (performance.now() - begin < 6000) {
      expect(await lease.renew()).toBe(true);
      expect(await there.leases.acquire(name, 'node-2')).toBeUndefined();
      // In turns of the event loop this would ask thousands of times.
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(await there.leases.holder(name)).toBe('node-1');
  });
}
