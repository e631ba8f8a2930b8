import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { NATS_SERVER, NatsServer, needingNats } from './nats-server.ts';
import { Sandbox } from './sema-process.ts';

/** Who may do what, as the service's README shows it. */
const PERMISSIONS = readPermissions();

function readPermissions(): string {
  const page = new URL('../../service/README.md', import.meta.url);
  const blocks = readFileSync(page, 'utf8').matchAll(/```conf\n([^`]*)```/g);
  const block = [...blocks].map(([, text]) => text).find((text) => text.includes('signing'));
  if (block === undefined) throw new Error('the README shows no permissions');
  return block;
}

async function startedSigner(box: Sandbox, ...options: string[]) {
  const child = box.start('sign', 'serve', ...options);
  child.stderr?.resume();
  if (child.stdout === null) throw new Error('the signer has no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = String((await lines.next()).value);
  return { child, first, lines };
}

describe.skipIf(NATS_SERVER === undefined)(needingNats('sema sign over NATS'), () => {
  test('files are signed by a node that is elsewhere, and a change is found', async () => {
    await using server = await NatsServer.start(PERMISSIONS);
    using box = new Sandbox();
    const created = await box.sema('keys', 'create', '--json');
    const { publicKey } = JSON.parse(created.stdout) as { publicKey: string };
    const trust = ['--public-key', publicKey];
    box.variables.SEMA_NATS_URL = server.urlOf('operator:operator-secret@');
    expect((await box.sema('sign', 'request', box.file('no-file'), ...trust)).code).toBe(3);
    const early = box.file('early.txt');
    writeFileSync(early, 'nobody signs this');
    const nobody = await box.sema('sign', 'request', early, ...trust, '--timeout', '1');
    expect(nobody.stderr).toMatch(/NOT_SIGNED: NO_ANSWER/);
    box.variables.SEMA_NATS_URL = server.urlOf('signer:signer-secret@');
    const { child, first, lines } = await startedSigner(box);
    expect(first).toMatch(/^signing as main with Ed25519/);
    box.variables.SEMA_NATS_URL = server.urlOf('orders:orders-secret@');

    const files = ['one.txt', 'two.txt'].map((name) => box.file(name));
    files.forEach((file) => writeFileSync(file, `contents of ${file}`));
    for (const more of [[], ['--fresh-key', 'Ed25519']]) {
      const asked = await box.sema(
        'sign',
        'request',
        ...files,
        ...trust,
        '--as',
        'orders',
        ...more,
      );
      expect(asked).toMatchObject({ code: 0, stderr: '' });
      const signed = box.file('signed.json');
      writeFileSync(signed, asked.stdout);
      const good = await box.sema('sign', 'check', signed, ...files, ...trust);
      expect(good).toMatchObject({ code: 0, stderr: '' });
      writeFileSync(files[1], 'other contents');
      const bad = await box.sema('sign', 'check', signed, ...files, ...trust);
      expect(bad.code).toBe(1);
      expect(bad.stdout).toMatch(/^SIGNED +.*one\.txt\nNOT SIGNED +.*two\.txt\n$/);
      writeFileSync(files[1], `contents of ${files[1]}`);
    }
    // The broker lets not everybody ask.
    box.variables.SEMA_NATS_URL = server.urlOf('charts:charts-secret@');
    const other = await box.sema('sign', 'request', files[0], ...trust, '--as', 'charts');
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(/UNAVAILABLE/);

    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(String((await lines.next()).value)).toMatch(/requests, .* items, .* batches/);
  });
});
