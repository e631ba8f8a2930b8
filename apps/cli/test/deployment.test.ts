import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { readMarkets } from '@sema/service/cluster';
import type { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { clusterCommand } from '../src/commands/cluster.ts';
import { serveCommand } from '../src/commands/serve.ts';
import { Sandbox } from './sema-process.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEPLOY = join(ROOT, 'deploy');
const KUBERNETES = join(DEPLOY, 'kubernetes');
const manifests = readdirSync(KUBERNETES).map((name) => join(KUBERNETES, name));

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

/** The fields of a container that are looked at. */
interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: Record<'requests' | 'limits', Record<string, string>>;
  readonly securityContext: Record<string, unknown>;
  readonly [probe: `${string}Probe`]: { readonly httpGet: { path: string; port: string } };
}
interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Record<string, string>;
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: unknown;
    readonly template: {
      readonly spec: {
        readonly securityContext: Record<string, unknown>;
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
      };
    };
  };
}

// What a field that is not there would break is a test below.
const objects = manifests.flatMap((path) =>
  parseAllDocuments(readFileSync(path, 'utf8'), { merge: true }).map(
    (document) => document.toJS() as Workload,
  ),
);
const workloads = objects.filter(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind));
const compose = parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, Record<string, unknown> & { command?: string[]; image: string }>;
};
const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');

/** The options that a command line names and the program does not know. */
function unknownOptions([name = '', ...args]: readonly string[]): string[] {
  const cluster = clusterCommand().commands.find((command) => command.name() === args[0]);
  const command: Command | undefined = name === 'serve' ? serveCommand() : cluster;
  const known = command?.options.map(({ long }) => long) ?? [];
  return args
    .filter((arg) => arg.startsWith('--'))
    .map((arg) => arg.split('=')[0] ?? arg)
    .filter((option) => !known.includes(option));
}

describe('the deployment files', () => {
  test('start the program with options that it has', () => {
    const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
    const lines = [
      JSON.parse(command) as string[],
      ...Object.values(compose.services).flatMap(({ image, command: line = [] }) =>
        image === 'sema' && line.length > 0 ? [line] : [],
      ),
      ...workloads.flatMap(({ spec }) =>
        spec.template.spec.containers.flatMap(({ image, args = [] }) =>
          image.includes('sema') ? [args] : [],
        ),
      ),
    ];
    expect(lines.map(([name]) => name)).toEqual([
      'serve',
      ...['cluster', 'cluster', 'cluster', 'cluster'],
      ...['cluster', 'cluster', 'serve'],
    ]);
    expect(lines.flatMap(unknownOptions)).toEqual([]);
  });

  test('build with the pnpm that the repository pins, on a Node that it takes', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      packageManager: string;
      engines: { node: string };
    };
    expect(dockerfile).toContain(manifest.packageManager.split('+')[0]);
    const [, major, minor] = /NODE=node:(\d+)\.(\d+)\.\d+-/.exec(dockerfile) ?? [];
    expect(manifest.engines.node).toBe('>=20.19');
    expect(Number(major)).toBe(20);
    expect(Number(minor)).toBeGreaterThanOrEqual(19);
  });

  test('name markets that a node takes', () => {
    const inline = objects.find(({ metadata }) => metadata.name === 'sema-markets');
    const path = sandbox.file('markets.json');
    writeFileSync(path, inline?.data?.['markets.json'] ?? '');
    const markets = readMarkets(path);
    expect(markets.map(({ pair }) => pair)).toEqual(['BTC/USDT', 'ETH/USDT']);
    expect(readMarkets(join(DEPLOY, 'sema', 'markets.json'))).toEqual(markets);
  });

  test('give NATS the same settings everywhere but where its servers are', () => {
    const file = readFileSync(join(DEPLOY, 'nats', 'nats.conf'), 'utf8');
    const inline = objects.find(({ metadata, data }) => metadata.name === 'nats' && data);
    const settings = (text: string): string[] =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^(?:#|routes:)/.test(line));
    expect(settings(inline?.data?.['nats.conf'] ?? '')).toEqual(settings(file));
    expect(file.match(/nats-[123]:6222/g)).toHaveLength(3);
  });

  test('run three of each in a cluster, and confine every container', () => {
    expect(workloads.map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual(
      expect.arrayContaining([
        ['nats', 3],
        ['sema-node', 3],
        ['sema', 1],
        ['sema-feed', 2],
      ]),
    );
    for (const { spec } of workloads) {
      const { containers, initContainers = [], securityContext } = spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      for (const container of [...containers, ...initContainers]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        for (const bound of ['requests', 'limits'] as const) {
          expect(container.resources[bound]).toMatchObject({
            cpu: expect.any(String),
            memory: expect.any(String),
          });
        }
      }
    }
    for (const [name, service] of Object.entries(compose.services)) {
      expect(service.mem_limit, name).toEqual(expect.any(String));
      expect(service.cap_drop, name).toEqual(['ALL']);
      expect(service.security_opt, name).toEqual(['no-new-privileges:true']);
      if (name !== 'folders') expect(service.read_only, name).toBe(true);
    }
  });

  test('ask every container that serves whether it starts, is ready and lives, on its port', () => {
    for (const { spec } of workloads) {
      for (const { name, ports = [], args = [], ...container } of spec.template.spec.containers) {
        if (ports.length === 0) continue;
        for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
          const { path, port } = container[probe].httpGet;
          expect(ports.map((each) => each.name)).toContain(port);
          const paths = {
            nats: /^\/healthz\?js-/,
            sema: args[0] === 'serve' ? /^\/health\/(?:live|ready)$/ : /^\/(?:healthz|readyz)$/,
          };
          expect(path).toMatch(name === 'nats' ? paths.nats : paths.sema);
        }
        const given = args.find((arg) => arg.startsWith('--port='))?.split('=')[1];
        if (given !== undefined) expect(ports[0]?.containerPort).toBe(Number(given));
      }
    }
  });
});

const python = env.SEMA_DEPLOY_LINTERS ?? '';
const reason = python === '' ? ' (SKIPPED: SEMA_DEPLOY_LINTERS names no Python with them)' : '';

describe.skipIf(python === '')(`linters of deployment files${reason}`, () => {
  const beside = (program: string): string => join(dirname(python), program);
  const check = (file: string): string => join(DEPLOY, 'check', file);
  /** What it printed, and whether it ended well. */
  const lint = (program: string, ...args: readonly string[]): string => {
    try {
      return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      return `failed\n${String(stdout)}${String(stderr)}`;
    }
  };

  test('hadolint finds nothing in the Dockerfile', () => {
    const options = ['--failure-threshold', 'style', join(DEPLOY, 'Dockerfile')];
    expect(lint(beside('hadolint'), ...options)).toBe('');
  });

  test('yamllint finds nothing in any file', () => {
    expect(lint(beside('yamllint'), '--strict', '-c', check('yamllint.yaml'), DEPLOY)).toBe('');
  });

  test.each(manifests)('%s is what Kubernetes takes, and holds no unknown field', (path) => {
    const found = lint(beside('kubernetes-validate'), '--strict', '--quiet', path);
    expect(found).toBe('');
  });

  test('the compose file is what its specification allows', () => {
    expect(lint(python, check('compose.py'), join(DEPLOY, 'compose.yaml'))).toBe('');
    const text = readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8');
    const wrong = sandbox.file('compose.yaml');
    writeFileSync(wrong, text.replace('mem_limit: 1g', 'mem_limt: 1g'));
    expect(lint(python, check('compose.py'), wrong)).toMatch(/^failed[^]*mem_limt/);
  });
});
