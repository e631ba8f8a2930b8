import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '@sema/service';
import { code, GENERATED, table } from './markdown.ts';

/** The part of OpenAPI's document that the page shows. */
interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
}

/** Every route of a service that is started for the purpose, as it describes itself. */
export async function httpPage(): Promise<string> {
  const { paths } = await ownDocument();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation })),
  );
  const tags = [...new Set(operations.flatMap((operation) => operation.tags))];
  const sections = tags.map((tag) => {
    const rows = operations
      .filter((operation) => operation.tags.includes(tag))
      .map(({ method, path, summary, description }) => [
        code(`${method.toUpperCase()} ${path}`),
        summary,
        /`.+`/.exec(description)?.[0] ?? 'any token',
      ]);
    return `## ${tag}\n\n${table(['route', 'what it does', 'scope'], rows)}`;
  });
  return `${GENERATED}

# Routes of the service

A token goes in the header \`Authorization: Bearer …\`, and its scopes say what it may do. Requests
that change something may carry an \`Idempotency-Key\`. The running service describes bodies and
answers at \`/openapi.json\`, in OpenAPI 3.1; what it refuses it answers with
[a problem](errors.md#problems-of-the-service). Streams are told of in
[its README](../../apps/service/README.md).

Without a token: \`GET /health/live\`, \`GET /health/ready\`, \`GET /openapi.json\` and the
dashboard. \`GET /metrics\` is for Prometheus and needs \`metrics:read\`.

${sections.join('\n\n')}
`;
}

async function ownDocument(): Promise<ApiDocument> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'sema-docs-'));
  try {
    const service = await startService({ dataDirectory, port: 0, logLevel: 'silent' });
    try {
      const answer = await fetch(`${service.url}/openapi.json`);
      // It is what the service makes of its own routes.
      return (await answer.json()) as ApiDocument;
    } finally {
      await service.stop();
    }
  } finally {
    await rm(dataDirectory, { recursive: true });
  }
}
