import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { PortError, type OpenPorts } from '@sema/qar/ports';
import { PrivateKey, SigningKey, verifyItem } from '@sema/synthesis-crypto';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { localPorts } from '../../src/ports/local-ports.ts';
import {
  runSigner,
  type SignerFigures,
  type SignerOptions,
  type SigningPorts,
} from '../../src/signing/signer.ts';
import { SigningClient, type SigningClientOptions } from '../../src/signing/signing-client.ts';
import {
  answerQueue,
  certificateBytes,
  decodeAnswer,
  decodeRequest,
  encodeRequest,
  requestQueue,
  useBytes,
  type SigningRequest,
} from '../../src/signing/signing-message.ts';

const KEY = PrivateKey.generate('Ed25519');
/** Ends what hangs; a loaded machine answers long before. */
const TIMEOUT_MS = 100_000;

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

function world(silenceMs = 60_000): OpenPorts {
  const ports = localPorts({ silenceMs });
  ended.push(() => ports.close());
  return ports;
}

function startSigner(ports: SigningPorts, changes: Partial<SignerOptions> = {}) {
  const stop = new AbortController();
  const running = runSigner({
    ports,
    service: 'main',
    key: KEY,
    ready: { Ed25519: 2 },
    maximumKeys: 3,
    maximumBatch: 4096,
    gatherMs: 0,
    now: () => Date.now(),
    signal: stop.signal,
    ...changes,
  });
  running.catch(() => undefined);
  const end = async (): Promise<SignerFigures> => {
    stop.abort();
    return running;
  };
  ended.push(() => Promise.allSettled([end()]));
  return { end, running };
}

function clientOf(ports: OpenPorts, changes: Partial<SigningClientOptions> = {}) {
  const client = new SigningClient({
    ports,
    service: 'main',
    client: 'alice',
    trusted: KEY.publicKey,
    timeoutMs: TIMEOUT_MS,
    ...changes,
  });
  ended.push(() => Promise.resolve(client[Symbol.dispose]()));
  return client;
}

function hashOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function hashesOf(count: number, salt = ''): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => hashOf(`${salt}${String(index)}`));
}

test('what is asked for is signed, and its proof stands without the broker', async () => {
  const ports = world();
  startSigner(ports);
  const client = clientOf(ports);
  const hashes = hashesOf(5);
  const proofs = await client.sign(hashes);
  hashes.forEach((hash, index) => {
    expect(verifyItem(hash, proofs[index], KEY.publicKey)).toBe(true);
    expect(verifyItem(hashOf('another'), proofs[index], KEY.publicKey)).toBe(false);
  });
});

test('requests of several clients are covered by one signature', async () => {
  const ports = world();
  const names = ['alice', 'bob', 'carol', 'dave'];
  const clients = names.map((client) => clientOf(ports, { client }));
  const asking = clients.map((client, index) => client.sign(hashesOf(index + 1, names[index])));
  while ((await ports.queue.pending(requestQueue('main'))) < names.length) await setImmediate();
  const { end } = startSigner(ports, { gatherMs: 500 });
  const answers = await Promise.all(asking);
  expect(new Set(answers.flat().map(({ batch }) => batch)).size).toBe(names.length);
  const roots = answers.flat().map(({ batch }) => Buffer.from(batch.root).toString('hex'));
  expect(new Set(roots).size).toBe(1);
  expect(await end()).toMatchObject({ requests: 4, items: 10, batches: 1 });
});

test('a signer that is killed before or after its answer is made up for by another', async () => {
  for (const call of ['answer', 'done'] as const) {
    const ports = world(1);
    const dead = new PortError('CLOSED', 'the process is dead');
    const queue: SigningPorts['queue'] = {
      pending: (name) => ports.queue.pending(name),
      submit: (...task) => (call === 'answer' ? Promise.reject(dead) : ports.queue.submit(...task)),
      take: async (...from) => {
        const task = await ports.queue.take(...from);
        return task && { ...task, done: () => Promise.reject(dead) };
      },
    };
    const client = clientOf(ports);
    const killed = startSigner({ queue });
    const asking = client.sign(hashesOf(3));
    await expect(killed.running).rejects.toBe(dead);
    const { end } = startSigner(ports);
    expect(await asking).toHaveLength(3);
    while ((await ports.queue.pending(requestQueue('main'))) > 0) await setImmediate();
    await end();
    while ((await ports.queue.pending(answerQueue('main', 'alice'))) > 0) await setImmediate();
  }
});

test('answers that come again or too late are put away', async () => {
  const ports = world();
  const request = {
    client: 'alice',
    ask: { kind: 'batch' },
    authority: new Uint8Array(0),
  } as const;
  const bytes = encodeRequest({ ...request, id: '5'.repeat(32), hashes: hashesOf(2) });
  for (const id of ['first', 'second']) await ports.queue.submit(requestQueue('main'), id, bytes);
  startSigner(ports);
  while ((await ports.queue.pending(requestQueue('main'))) > 0) await setImmediate();
  // Both have one answer, under the id of the request.
  expect(await ports.queue.pending(answerQueue('main', 'alice'))).toBe(1);
  expect(await clientOf(ports).sign(hashesOf(1))).toHaveLength(1);
  while ((await ports.queue.pending(answerQueue('main', 'alice'))) > 0) await setImmediate();
});

test('a fresh key signs for its client alone, so long and so often', async () => {
  const ports = world();
  let nowMs = 1_000_000;
  startSigner(ports, { now: () => nowMs });
  const alice = clientOf(ports);
  const terms = { algorithm: 'Ed25519', lifetimeMs: 5000, signatures: 2 } as const;
  const key = await alice.freshKey(terms);
  expect(key.certificate).toMatchObject({ signatures: 2, notAfterMs: nowMs + 5000 });
  const certificate = certificateBytes(key.certificate);
  expect(KEY.publicKey.verify(certificate, key.certificateSignature)).toBe(true);
  expect(key.publicKey.keyId).not.toBe(KEY.publicKey.keyId);
  const [hash] = hashesOf(1);
  const [proof] = await key.sign([hash]);
  expect(verifyItem(hash, proof, key.publicKey)).toBe(true);
  expect(verifyItem(hash, proof, KEY.publicKey)).toBe(false);
  await key.sign([hash]);
  await expect(key.sign([hash])).rejects.toMatchObject({ code: 'KEY_SPENT' });
  const other = await alice.freshKey(terms);
  expect(other.publicKey.keyId).not.toBe(key.publicKey.keyId);
  nowMs += 5001;
  await expect(other.sign([hash])).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
});

test('a handle is of no use to whoever read along, who cannot tell it from none', async () => {
  const ports = world();
  startSigner(ports);
  using owner = SigningKey.generate();
  using thief = SigningKey.generate();
  const text = owner.verifyingKey.toText();
  const terms = { algorithm: 'Ed25519', lifetimeMs: 60_000, signatures: 9, owner: text } as const;
  const ask = async (
    queue: string,
    request: Pick<SigningRequest, 'id' | 'ask' | 'hashes' | 'authority'>,
  ) => {
    await ports.queue.submit(queue, request.id, encodeRequest({ ...request, client: 'someone' }));
    const task = await ports.queue.take(answerQueue('main', 'someone'), TIMEOUT_MS);
    await task?.done();
    return decodeAnswer(task?.bytes ?? new Uint8Array(0))?.answer;
  };
  const none = { hashes: [], authority: new Uint8Array(0) };
  const opened = await ask(requestQueue('main'), {
    id: '1'.repeat(32),
    ask: { kind: 'key', ...terms },
    ...none,
  });
  if (opened?.kind !== 'key') throw new Error('there is no key');
  const hashes = hashesOf(1);
  const use = (id: string, handle: string, signedBy: SigningKey, over = hashes) => {
    const authority = signedBy.sign(useBytes(id, handle, over));
    const queue = requestQueue('main', opened.signer);
    return ask(queue, { id, ask: { kind: 'sign', handle }, hashes, authority });
  };
  const { handle } = opened;
  const stolen = await use('2'.repeat(32), handle, thief);
  expect(stolen).toMatchObject({ kind: 'refused', code: 'KEY_UNKNOWN' });
  expect(await use('3'.repeat(32), '0'.repeat(32), thief)).toEqual(stolen);
  // What the owner signed for other hashes is of no use either.
  expect(await use('4'.repeat(32), handle, owner, hashesOf(2))).toEqual(stolen);
  expect(await use('5'.repeat(32), handle, owner)).toMatchObject({ kind: 'signed' });
});

test('a request for a key that is handed out twice opens one key', async () => {
  const ports = world();
  startSigner(ports);
  using owner = SigningKey.generate();
  const terms = { algorithm: 'Ed25519', lifetimeMs: 60_000, signatures: 1 } as const;
  const ask = { kind: 'key', ...terms, owner: owner.verifyingKey.toText() } as const;
  const request = { ask, hashes: [], authority: new Uint8Array(0) };
  const bytes = encodeRequest({ id: 'ab'.repeat(16), client: 'alice', ...request });
  await ports.queue.submit(requestQueue('main'), 'first', bytes);
  await ports.queue.submit(requestQueue('main'), 'second', bytes);
  while ((await ports.queue.pending(requestQueue('main'))) > 0) await setImmediate();
  const client = clientOf(ports);
  // Three may be held: with the one of both requests there is room for two.
  await client.freshKey(terms);
  await client.freshKey(terms);
  await expect(client.freshKey(terms)).rejects.toMatchObject({ code: 'FULL' });
});

test('an algorithm that is not served is refused by name', async () => {
  const ports = world();
  startSigner(ports);
  const client = clientOf(ports);
  const terms = { algorithm: 'ML-DSA-65', lifetimeMs: 1, signatures: 1 } as const;
  await expect(client.freshKey(terms)).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    message: expect.stringContaining('ML-DSA-65') as unknown,
  });
});

test('answers of a key that is not trusted are not believed', async () => {
  const ports = world();
  using impostor = PrivateKey.generate('Ed25519');
  startSigner(ports, { key: impostor });
  const client = clientOf(ports);
  await expect(client.sign(hashesOf(2))).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  const terms = { algorithm: 'Ed25519', lifetimeMs: 60_000, signatures: 1 } as const;
  await expect(client.freshKey(terms)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
});

test('where nobody signs the client says so in its time, and when it is closed', async () => {
  const ports = world();
  const client = clientOf(ports, { timeoutMs: 1 });
  await expect(client.sign(hashesOf(1))).rejects.toMatchObject({ code: 'NO_ANSWER' });
  client[Symbol.dispose]();
  await expect(client.sign(hashesOf(1))).rejects.toMatchObject({ code: 'CLOSED' });
});

test.each([0, 257])('%i hashes are refused before they are sent', async (count) => {
  const client = clientOf(world());
  await expect(client.sign(hashesOf(count))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});

test('a hash of another length is refused before it is sent', async () => {
  const client = clientOf(world());
  await expect(client.sign([new Uint8Array(31)])).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});

test('a signer puts away what is no request and goes on', async () => {
  const ports = world();
  const ask = { kind: 'batch' } as const;
  const request = { id: '0'.repeat(32), client: 'alice', ask, authority: new Uint8Array(0) };
  const good = encodeRequest({ ...request, hashes: hashesOf(3) });
  const flip = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }));
  const cases = fc.sample(fc.oneof(fc.uint8Array(), flip), { numRuns: 200, seed: 11 });
  for (const [index, one] of cases.entries()) {
    const bytes =
      one instanceof Uint8Array
        ? one
        : good.map((byte, i) => (i === one[0] ? byte ^ one[1] : byte));
    expect(decodeRequest(bytes)).toBeUndefined();
    await ports.queue.submit(requestQueue('main'), `bad-${String(index)}`, bytes);
  }
  startSigner(ports);
  expect(await clientOf(ports).sign(hashesOf(1))).toHaveLength(1);
  expect(await ports.queue.pending(requestQueue('main'))).toBe(0);
});

test.each([
  { maximumBatch: 255 },
  { maximumBatch: 2 ** 21 },
  { gatherMs: 10_001 },
  { gatherMs: NaN },
])('a signer of %o is refused at the start', async (changes) => {
  await expect(startSigner(world(), changes).running).rejects.toThrow(RangeError);
});
