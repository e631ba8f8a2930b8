import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runService } from './running-service.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`./vectors/${name}.pem`, import.meta.url));
const certificateFile = fileOf('localhost-cert');

function statusOver(url: string, maxVersion: 'TLSv1.1' | 'TLSv1.3'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(certificateFile);
    const asked = request(url, { ca, maxVersion, minVersion: 'TLSv1' }, (answer) => {
      answer.resume();
      expect(answer.headers['strict-transport-security']).toContain('max-age');
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('with a certificate the service speaks TLS, and no old version of it', async () => {
  const tls = { certificateFile, keyFile: fileOf('localhost-key') };
  await using running = await runService({ tls, host: '127.0.0.1' });
  const { url } = running.service;
  expect(url).toMatch(/^https:/);
  expect(await statusOver(`${url}/health/live`, 'TLSv1.3')).toBe(200);
  await expect(statusOver(`${url}/health/live`, 'TLSv1.1')).rejects.toThrow();
});
