import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../src/index.ts';
import type { Service, ServiceOptions } from '../src/index.ts';

/** A data directory that goes when the test ends. */
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'sema-service-'));
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A real service on a free port of the loopback interface, and its first token. */
export interface RunningService extends AsyncDisposable {
  readonly service: Service;
  readonly token: string;
  readonly data: string;
  /** Asks it, as the bearer of the first token unless told otherwise. */
  ask(method: string, path: string, body?: unknown, headers?: object): Promise<Response>;
}

export async function runService(options: Partial<ServiceOptions> = {}): Promise<RunningService> {
  const directory = options.dataDirectory === undefined ? temporaryDirectory() : undefined;
  const dataDirectory = options.dataDirectory ?? directory?.path ?? '';
  const service = await startService({ port: 0, logLevel: 'silent', ...options, dataDirectory });
  const token = service.firstToken ?? '';
  return {
    service,
    token,
    data: dataDirectory,
    ask: (method, path, body, headers = {}) =>
      fetch(`${service.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      await service.stop();
      directory?.[Symbol.dispose]();
    },
  };
}
