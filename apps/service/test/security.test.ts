import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problem } from '../src/api/problem.ts';
import { AuditPage, TokenList, TokenMade } from '../src/api/token.ts';
import { startService } from '../src/index.ts';
import { MARKET } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import type { RunningService } from './running-service.ts';

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.type).toBe(`urn:sema:problem:${problem.code}`);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  return problem;
}

async function tokenWith(running: RunningService, scopes: string[], expiresInSeconds = 60) {
  const body = { name: 'a test', scopes, expiresInSeconds };
  return TokenMade.parse(await (await running.ask('POST', '/v1/tokens', body)).json());
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('without a token that is valid now', () => {
  test('nothing but health, the document and the dashboard is answered', async () => {
    await using running = await runService();
    const { url } = running.service;
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    for (const path of [
      '/v1/markets',
      '/v1/capabilities',
      '/v1/nothing',
      '/metrics',
      '/v1/audit',
    ]) {
      const response = await fetch(url + path);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect((await problemOf(response)).code).toBe('TOKEN_MISSING');
    }
  });

  test('whatever is sent in its place is refused', async () => {
    await using running = await runService();
    const { token } = running;
    const other = await runService();
    const foreign = other.token;
    await other[Symbol.asyncDispose]();
    const half = token.slice(0, -4);
    const [head, body] = token.split('.');
    const changed = Buffer.from(
      Buffer.from(body, 'base64url').toString().replace('"first"', '"other"'),
    ).toString('base64url');
    const forged = [head, changed, token.split('.')[2]].join('.');
    for (const text of ['', 'x', foreign, half, forged, `${token}.`, 'x'.repeat(5000)]) {
      const response = await running.ask('GET', '/v1/markets', undefined, bearer(text));
      expect((await problemOf(response)).code).toBe('TOKEN_REFUSED');
    }
    const basic = { authorization: `Basic ${token}` };
    const response = await running.ask('GET', '/v1/markets', undefined, basic);
    expect((await problemOf(response)).code).toBe('TOKEN_REFUSED');
  });

  test('guessing is slowed down', async () => {
    await using running = await runService();
    const codes = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const response = await running.ask('GET', '/v1/markets', undefined, bearer(`guess${i}`));
      codes.add((await problemOf(response)).code);
      if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBe(1);
    }
    expect(codes).toEqual(new Set(['TOKEN_REFUSED', 'RATE_LIMITED']));
  });

  test('a token ends with its time, and with its revocation', async () => {
    let now = Date.UTC(2026, 0, 1);
    await using running = await runService({ now: () => now });
    const short = await tokenWith(running, ['markets:read'], 10);
    const ask = () => running.ask('GET', '/v1/markets', undefined, bearer(short.token));
    expect((await ask()).status).toBe(200);
    now += 9_999;
    expect((await ask()).status).toBe(200);
    now += 1;
    expect((await problemOf(await ask())).code).toBe('TOKEN_REFUSED');
    const revoked = await tokenWith(running, ['markets:read'], 1000);
    const withRevoked = () => running.ask('GET', '/v1/markets', undefined, bearer(revoked.token));
    expect((await withRevoked()).status).toBe(200);
    expect((await running.ask('DELETE', `/v1/tokens/${revoked.record.id}`)).status).toBe(200);
    expect((await problemOf(await withRevoked())).code).toBe('TOKEN_REFUSED');
  });
});

describe('a token', () => {
  test('allows what its scopes say and nothing else', async () => {
    await using running = await runService();
    const { token } = await tokenWith(running, ['markets:read']);
    const ask = (method: string, path: string, body?: unknown) =>
      running.ask(method, path, body, bearer(token));
    expect((await ask('GET', '/v1/markets')).status).toBe(200);
    expect((await ask('GET', '/v1/capabilities')).status).toBe(200);
    const refused = [
      await ask('POST', '/v1/markets', MARKET),
      await ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles: [] }),
      await ask('POST', `/v1/markets/${MARKET.id}/risk`, {}),
      await ask('POST', '/v1/signals', {}),
      await ask('POST', '/v1/circuits/run', {}),
      await ask('GET', '/v1/tokens'),
      await ask('GET', '/v1/audit'),
      await ask('GET', '/metrics'),
    ];
    for (const response of refused) expect((await problemOf(response)).code).toBe('SCOPE_MISSING');
  });

  test('makes no token with more rights than its own', async () => {
    await using running = await runService();
    const { token } = await tokenWith(running, ['tokens:write', 'markets:read']);
    const make = (scopes: string[]) =>
      running.ask(
        'POST',
        '/v1/tokens',
        { name: 'more', scopes, expiresInSeconds: 60 },
        bearer(token),
      );
    expect((await problemOf(await make(['admin']))).code).toBe('SCOPE_MISSING');
    expect((await problemOf(await make(['markets:read', 'risk:write']))).code).toBe(
      'SCOPE_MISSING',
    );
    expect((await make(['markets:read'])).status).toBe(201);
  });

  test('with all rights is made on the first start only, and is kept nowhere', async () => {
    using directory = temporaryDirectory();
    const lines: string[] = [];
    const logTo = { write: (line: string) => void lines.push(line) };
    const options = { dataDirectory: directory.path, logTo, logLevel: 'trace' } as const;
    const first = await runService(options);
    const { token } = first;
    expect(token).not.toBe('');
    expect((await first.ask('GET', '/v1/markets')).status).toBe(200);
    await first.ask('GET', '/v1/markets', undefined, bearer('wrong'));
    const kept = TokenList.parse(await (await first.ask('GET', '/v1/tokens')).json());
    expect(kept.tokens).toMatchObject([{ name: 'first', scopes: ['admin'], revokedAt: null }]);
    await first[Symbol.asyncDispose]();
    await using second = await runService(options);
    expect(second.service.firstToken).toBeUndefined();
    const again = await second.ask('GET', '/v1/markets', undefined, bearer(token));
    expect(again.status).toBe(200);
    expect(lines.length).toBeGreaterThan(5);
    const [, , signature] = token.split('.');
    expect(lines.join('')).not.toContain(signature);
    expect(JSON.stringify(kept)).not.toContain(signature);
  });
});

test('every change of state is in the audit log with who asked for it', async () => {
  await using running = await runService();
  await running.ask('POST', '/v1/markets', MARKET);
  const made = await tokenWith(running, ['markets:read']);
  await running.ask('DELETE', `/v1/tokens/${made.record.id}`);
  const halt = { command: 'halt', reason: 'news', who: 'ann' };
  const halted = await running.ask('POST', `/v1/markets/${MARKET.id}/risk`, halt);
  expect(await halted.json()).toMatchObject({ trading: 'HALTED', command: 'halt' });
  const page = AuditPage.parse(await (await running.ask('GET', '/v1/audit')).json());
  expect(page.entries.map(({ action }) => action)).toEqual([
    'token made',
    'market made',
    'token made',
    'token revoked',
    'risk halt',
  ]);
  expect(page.entries.at(-1)).toMatchObject({
    who: 'first',
    subject: MARKET.id,
    detail: 'ann: news',
  });
  expect(page.entries.at(-1)?.request).toBe(halted.headers.get('x-request-id'));
});

describe('a browser', () => {
  test('is told to load nothing from elsewhere, and other origins get nothing', async () => {
    await using running = await runService();
    const page = await fetch(running.service.url);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    const api = await running.ask('GET', '/v1/markets', undefined, {
      origin: 'https://evil.example',
    });
    expect(api.headers.get('access-control-allow-origin')).toBeNull();
    expect(api.headers.get('cache-control')).toBe('no-store');
    const preflight = await fetch(`${running.service.url}/v1/markets`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('on a page from elsewhere cannot use a service without authentication', async () => {
    await using running = await runService({ authentication: 'none' });
    const { url, firstToken } = running.service;
    expect(firstToken).toBeUndefined();
    expect((await fetch(`${url}/v1/markets`)).status).toBe(200);
    const { host } = new URL(url);
    const own = { headers: { origin: url } };
    expect((await fetch(`${url}/v1/markets`, own)).status).toBe(200);
    const evil = { headers: { origin: 'https://evil.example' } };
    expect((await problemOf(await fetch(`${url}/v1/markets`, evil))).code).toBe('HOST_REFUSED');
    // A name that was made to point at this machine.
    const rebound = await statusWithHost(host, 'evil.example');
    expect(rebound).toBe(403);
  });
});

async function statusWithHost(address: string, name: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(`http://${address}/v1/markets`, { headers: { host: name } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('starting', () => {
  const start = (options: object) => {
    using directory = temporaryDirectory();
    return startService({ dataDirectory: directory.path, port: 0, logLevel: 'silent', ...options });
  };

  test('is refused where anybody could come, or tokens would travel in plain text', async () => {
    const code = 'BIND_REFUSED';
    for (const options of [
      { host: '0.0.0.0' },
      { host: '::' },
      { host: '192.0.2.1' },
      { host: '0.0.0.0', authentication: 'none', behindProxy: true },
      { host: 'example.org', authentication: 'none' },
    ]) {
      await expect(start(options)).rejects.toMatchObject({
        code,
        next: expect.any(String) as string,
      });
    }
  });

  test('is refused with a certificate that is none', async () => {
    using directory = temporaryDirectory();
    const certificateFile = join(directory.path, 'cert.pem');
    writeFileSync(certificateFile, 'nonsense');
    const tls = { certificateFile, keyFile: certificateFile };
    await expect(start({ tls })).rejects.toMatchObject({ code: 'TLS_NOT_USABLE' });
    const absent = { certificateFile: '/nowhere', keyFile: '/nowhere' };
    await expect(start({ tls: absent })).rejects.toMatchObject({ code: 'TLS_NOT_USABLE' });
  });

  test('behind a proxy that speaks TLS browsers are told to keep to it', async () => {
    await using running = await runService({ host: '0.0.0.0', behindProxy: true });
    const url = running.service.url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(url)).headers.get('strict-transport-security')).toContain('max-age');
  });
});
