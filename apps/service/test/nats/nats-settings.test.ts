import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeName, encodeName } from '../../src/nats/nats-names.ts';
import { NATS_DEFAULTS, natsSettings } from '../../src/nats/nats-settings.ts';
import { openPorts } from '../../src/ports/open-ports.ts';

describe('what the environment asks for', () => {
  test('without a URL the ports are those of this process', async () => {
    expect(natsSettings({})).toBeUndefined();
    expect(natsSettings({ SEMA_NATS_URL: '' })).toBeUndefined();
    const ports = await openPorts({});
    await ports.blobs.put('snapshot', new Uint8Array(1));
    expect(await ports.blobs.list('')).toEqual(['snapshot']);
    await ports.close();
  });

  test('several servers, each with or without its port', () => {
    const settings = natsSettings({ SEMA_NATS_URL: 'nats://a:4223, b ,nats://[::1]:4224' });
    expect(settings).toEqual({ ...NATS_DEFAULTS, servers: ['a:4223', 'b:4222', '[::1]:4224'] });
  });

  test('who asks is in the URL or in a file', () => {
    const login = (url: string) => natsSettings({ SEMA_NATS_URL: url })?.login;
    expect(login('nats://sema:p%40ss@a')).toEqual({
      kind: 'password',
      user: 'sema',
      password: 'p@ss',
    });
    expect(login('nats://secret@a')).toEqual({ kind: 'token', token: 'secret' });
    expect(login('nats://a')).toBeUndefined();
  });

  test('TLS is insisted on by the scheme or by naming a file', () => {
    const tls = (more: Record<string, string>, url = 'nats://a') =>
      natsSettings({ SEMA_NATS_URL: url, ...more })?.tls;
    expect(tls({})).toBeUndefined();
    expect(tls({}, 'tls://a')).toEqual({});
    const files = { SEMA_NATS_CA: 'ca.pem', SEMA_NATS_CERT: 'cert.pem', SEMA_NATS_KEY: 'key.pem' };
    expect(tls(files)).toEqual({ caFile: 'ca.pem', certFile: 'cert.pem', keyFile: 'key.pem' });
  });

  test.each([
    [{ SEMA_NATS_URL: 'http://sema:hunter2@a' }],
    [{ SEMA_NATS_URL: 'nats://sema:hunter2@' }],
    [{ SEMA_NATS_URL: 'nats://sema:hunter2@a:99999' }],
    [{ SEMA_NATS_URL: 'nats://sema:hunter2@a,' }],
    [{ SEMA_NATS_URL: 'nats://sema:hunter2@a:b:c' }],
    [{ SEMA_NATS_URL: 'nats://a:hunter2%zz@b' }],
    [{ SEMA_NATS_URL: 'nats://hunter2@a', SEMA_NATS_REPLICAS: '2' }],
    [{ SEMA_NATS_URL: 'nats://hunter2@a', SEMA_NATS_PREFIX: 'a.b' }],
    [{ SEMA_NATS_URL: 'nats://hunter2@a', SEMA_NATS_CREDS: '/nowhere/at.all' }],
    [{ SEMA_NATS_URL: 'nats://hunter2@a', SEMA_NATS_NKEY: '/nowhere/at.all' }],
  ])('what cannot be used is refused without showing a secret: %#', (environment) => {
    let refusal: unknown;
    try {
      natsSettings(environment);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ name: 'StartError', code: 'BROKER_NOT_USABLE' });
    expect(inspect(refusal, { depth: 10 })).not.toContain('hunter2');
  });
});

describe('names as tokens of subjects', () => {
  test('pairs keep their points and lose what a subject may not hold', () => {
    expect(encodeName('candles.kraken.BTC/EUR')).toBe('candles.kraken.BTC=2FEUR');
    expect(encodeName('a:b')).toBe('a=3Ab');
    expect(encodeName('..a..b.')).toBe('=2E.a=2E.b=2E');
  });

  test('every name has an encoding of its own, which a subject can hold', () => {
    const letters = fc.constantFrom(...'aZ09_-./:');
    const names = fc.string({ unit: letters, minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(names, (name) => {
        const encoded = encodeName(name);
        expect(decodeName(encoded)).toBe(name);
        expect(encoded).toMatch(/^[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*$/);
      }),
    );
  });
});
