import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { fileURLToPath } from 'node:url';
import { nkeys, tokenAuthenticator, usernamePasswordAuthenticator } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPorts } from '../../src/ports/open-ports.ts';
import { bytesOf } from '../ports/port-world.ts';
import { NATS_SERVER, needingNats, startNats } from './nats-servers.ts';
import type { NatsServersOptions } from './nats-servers.ts';

const PASSWORD = 'p4ss@word/with:signs';
const TOKEN = 'a-token-nobody-guesses';
const fileOf = (name: string) => fileURLToPath(new URL(`../vectors/${name}.pem`, import.meta.url));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sema-login-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** What comes of opening the ports with an environment against servers of a configuration. */
async function tryWith(
  options: NatsServersOptions,
  environment: (address: string) => Record<string, string>,
): Promise<string> {
  await using servers = await startNats(options);
  try {
    const ports = await openPorts(environment(servers.addresses[0]));
    await ports.blobs.put('snapshot', bytesOf('kept'));
    const [name] = await ports.blobs.list('');
    await ports.close();
    return name;
  } catch (error) {
    return inspect(error, { depth: 10, showHidden: true });
  }
}

describe.skipIf(NATS_SERVER === undefined)(needingNats('logging in to NATS'), () => {
  const byPassword: NatsServersOptions = {
    configuration: `authorization { user: "sema", password: "${PASSWORD}" }`,
    login: { authenticator: usernamePasswordAuthenticator('sema', PASSWORD) },
  };

  test('by user and password in the URL', async () => {
    const outcome = await tryWith(byPassword, (address) => ({
      SEMA_NATS_URL: `nats://sema:${encodeURIComponent(PASSWORD)}@${address}`,
    }));
    expect(outcome).toBe('snapshot');
  });

  test('a password that is refused is in no part of the error', async () => {
    const outcome = await tryWith(byPassword, (address) => ({
      SEMA_NATS_URL: `nats://sema:wrong-secret@${address}`,
    }));
    expect(outcome).toContain("code: 'UNAVAILABLE'");
    expect(outcome).toMatch(/authorization/i);
    expect(outcome).not.toContain('wrong-secret');
  });

  test('by a token', async () => {
    const options = {
      configuration: `authorization { token: "${TOKEN}" }`,
      login: { authenticator: tokenAuthenticator(TOKEN) },
    };
    const outcome = await tryWith(options, (address) => ({
      SEMA_NATS_URL: `nats://${TOKEN}@${address}`,
    }));
    expect(outcome).toBe('snapshot');
  });

  test('by the seed of an nkey in a file', async () => {
    const key = nkeys.createUser();
    const seedFile = join(directory, 'user.nk');
    const seed = new TextDecoder().decode(key.getSeed());
    writeFileSync(seedFile, `${seed}\n`);
    const configuration = `authorization { users: [{ nkey: ${key.getPublicKey()} }] }`;
    const sign = (nonce?: string) => ({
      nkey: key.getPublicKey(),
      sig: Buffer.from(key.sign(bytesOf(nonce ?? ''))).toString('base64url'),
    });
    const options = { configuration, login: { authenticator: sign } };
    const outcome = await tryWith(options, (address) => ({
      SEMA_NATS_URL: `nats://${address}`,
      SEMA_NATS_NKEY: seedFile,
    }));
    expect(outcome).toBe('snapshot');
  });

  describe('over TLS', () => {
    const configuration = `tls {
      cert_file: "${fileOf('localhost-cert')}", key_file: "${fileOf('localhost-key')}"
    }`;
    const options = { configuration, login: { tls: { caFile: fileOf('localhost-cert') } } };

    test('with the authority that is named', async () => {
      const outcome = await tryWith(options, (address) => ({
        SEMA_NATS_URL: `tls://${address}`,
        SEMA_NATS_CA: fileOf('localhost-cert'),
      }));
      expect(outcome).toBe('snapshot');
    });

    test('not with a server that no known authority vouches for', async () => {
      const outcome = await tryWith(options, (address) => ({ SEMA_NATS_URL: `tls://${address}` }));
      expect(outcome).toContain("code: 'UNAVAILABLE'");
    });

    test('not without it, where the URL asks for it and the server has none', async () => {
      const outcome = await tryWith({}, (address) => ({ SEMA_NATS_URL: `tls://${address}` }));
      expect(outcome).toContain("code: 'UNAVAILABLE'");
    });
  });
});
