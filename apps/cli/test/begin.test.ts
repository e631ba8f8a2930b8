import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationOverrides, CONFIGURATION_RULES } from '@sema/qar';
import { benchScript } from '../src/bench-script.ts';
import { settingsTemplate } from '../src/settings-template.ts';
import { Sandbox } from './sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

describe('sema init', () => {
  test('writes settings and a private key once, and never over what is there', async () => {
    const folder = sandbox.file('begin');
    const first = await sandbox.sema('init', folder, '--json');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const { settings, key, keyMade } = JSON.parse(first.stdout);
    expect({ settings, keyMade }).toEqual({ settings: `${folder}/sema.yaml`, keyMade: true });
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const before = [readFileSync(settings, 'utf8'), readFileSync(key, 'utf8')];

    const second = await sandbox.sema('init', folder);
    expect(second).toMatchObject({ code: 3, stdout: '' });
    expect(second.stderr).toMatch(/^error ALREADY_THERE: .*sema\.yaml is there already\. Next: /);
    expect([readFileSync(settings, 'utf8'), readFileSync(key, 'utf8')]).toEqual(before);
  });

  test('explains every setting, and its file changes nothing', () => {
    const text = settingsTemplate();
    for (const [path, { says }] of Object.entries(CONFIGURATION_RULES)) {
      expect(text).toContain(`# ${says}`);
      expect(text).toContain(`${path.split('.').at(-1) ?? ''}: `);
    }
    expect(configurationOverrides(parse(text))).toMatchObject({
      feeRate: 0.001,
      risk: { minimumConfidence: 0.8, protections: { coolDownCandles: expect.any(Number) } },
    });
  });
});

describe('sema keys', () => {
  test('replaces a key, keeps the old one and a statement that both signed', async () => {
    const file = sandbox.file('rotating', 'signing.pem');
    const made = await sandbox.sema('keys', 'create', file, '--json');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const old = JSON.parse(made.stdout);
    const rotated = await sandbox.sema('keys', 'rotate', file, '--json');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const now = JSON.parse(rotated.stdout);
    expect(now.keyId).not.toBe(old.keyId);
    const folder = sandbox.file('rotating');
    expect(readdirSync(folder).sort()).toEqual(
      [`${old.keyId}.pem`, `${now.keyId}.rekey.json`, 'signing.pem'].sort(),
    );
    for (const name of ['signing.pem', `${old.keyId}.pem`]) {
      expect(statSync(`${folder}/${name}`).mode & 0o777).toBe(0o600);
    }
    expect(JSON.parse(readFileSync(now.statement, 'utf8')).signatures).toHaveLength(2);
    const secret = readFileSync(file, 'utf8').split('\n')[1];
    for (const { stdout } of [made, rotated]) expect(stdout).not.toContain(secret);
  });

  test('refuses to overwrite a key, and one that others can read or that is none', async () => {
    const file = sandbox.file('open.pem');
    writeFileSync(file, 'nothing', { mode: 0o600 });
    const over = await sandbox.sema('keys', 'create', file);
    expect(over).toMatchObject({ code: 3, stderr: expect.stringMatching(/^error ALREADY_THERE/) });
    const none = await sandbox.sema('keys', 'show', file);
    expect(none).toMatchObject({ code: 3, stderr: expect.stringMatching(/KEY_FILE_NOT_USABLE/) });
    writeFileSync(sandbox.file('wide.pem'), 'nothing', { mode: 0o644 });
    const wide = await sandbox.sema('keys', 'show', sandbox.file('wide.pem'));
    expect(wide).toMatchObject({ code: 3, stderr: expect.stringMatching(/chmod 600/) });
  });
});

describe('sema token', () => {
  test('makes a token that holds with its key and not with another', async () => {
    const [key, other] = ['a.pem', 'b.pem'].map((name) => sandbox.file('tokens', name));
    await sandbox.sema('keys', 'create', key);
    await sandbox.sema('keys', 'create', other);
    const made = await sandbox.sema('token', 'create', '--key', key, '--subject', 'bot');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const token = made.stdout.trim();
    const right = await sandbox.sema('token', 'inspect', token, '--key', key, '--json');
    expect(right.code).toBe(0);
    expect(JSON.parse(right.stdout)).toMatchObject({
      verified: 'VALID',
      claims: { sub: 'bot', aud: 'sema', class: 'low', algorithm: 'Ed25519' },
    });
    const wrong = await sandbox.sema('token', 'inspect', token, '--key', other);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain('NO: KEY_UNKNOWN');
    const none = await sandbox.sema('token', 'inspect', 'eyJub25zZW5zZQ');
    expect(none).toMatchObject({ code: 3, stderr: expect.stringMatching(/^error NOT_A_TOKEN/) });
  });

  test('refuses a class that the key is too weak for, and says what to do', async () => {
    const key = sandbox.file('weak.pem');
    await sandbox.sema('keys', 'create', key);
    const { code, stderr } = await sandbox.sema(
      ...['token', 'create', '--key', key, '--subject', 'bot', '--value', '5000'],
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/class high is signed with .* Next: make a key of that algorithm/);
  });
});

describe('sema circuit', () => {
  const bell = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nh q[0];\ncx q[0],q[1];\n';

  test('gives exact probabilities, and seeded readings where the circuit measures', async () => {
    mkdirSync(sandbox.file('circuits'));
    const [plain, reads] = ['plain', 'reads'].map((name) => sandbox.file('circuits', name));
    writeFileSync(plain, bell);
    writeFileSync(reads, `${bell}creg c[2];\nmeasure q -> c;\n`);
    const exact = await sandbox.sema('circuit', 'run', plain, '--json');
    const { probabilities } = JSON.parse(exact.stdout);
    expect(Object.keys(probabilities).sort()).toEqual(['00', '11']);
    for (const p of Object.values(probabilities)) expect(p).toBeCloseTo(0.5, 12);
    const read = ['circuit', 'run', reads, '--shots', '400', '--seed', '7', '--json'];
    const [first, again] = [await sandbox.sema(...read), await sandbox.sema(...read)];
    expect(first.stdout).toBe(again.stdout);
    const { counts } = JSON.parse(first.stdout);
    expect(counts['00'] + counts['11']).toBe(400);
  });

  test('draws and converts, and never over what is there', async () => {
    const file = sandbox.file('draw.qasm');
    writeFileSync(file, bell);
    const text = await sandbox.sema('circuit', 'draw', file);
    expect(text.stdout).toBe('q0: ─H──●─\n        │\nq1: ────⊕─\n');
    const svg = sandbox.file('draw.svg');
    expect(await sandbox.sema('circuit', 'draw', file, '--svg', svg)).toMatchObject({ code: 0 });
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg[^]*<\/svg>\s*$/);
    expect(await sandbox.sema('circuit', 'draw', file, '--svg', svg)).toMatchObject({ code: 3 });
    const other = await sandbox.sema('circuit', 'convert', file, '--to', '3');
    expect(other.stdout).toContain('OPENQASM 3.0;');
    expect(other.stdout).toContain('cx q[0], q[1];');
  });

  test.each([
    ['a program that is none', 'h q;', /expected a register declared before/],
    ['too many qubits', 'OPENQASM 3;\nqubit[24] q;\n', /24 qubits/],
    [
      'too many readings',
      'OPENQASM 3;\nqubit[20] q;\nbit c;\nc = measure q[0];\nc = measure q[0];\n',
      /are too many/,
    ],
  ])('refuses %s with 3', async (_, text, message) => {
    const file = sandbox.file('bad.qasm');
    writeFileSync(file, text);
    const { code, stderr } = await sandbox.sema('circuit', 'run', file, '--shots', '99999');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error NOT_A_CIRCUIT: /);
    expect(stderr).toMatch(message);
  });
});

describe('sema bench', () => {
  test('finds the benchmarks in the checkout around it, and none elsewhere', () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const inside = `${root}apps/cli/src/commands`;
    expect(benchScript(['/', inside])).toBe(`${root}tooling/run/bench.js`);
    expect(benchScript([sandbox.path])).toBeUndefined();
  });
});
