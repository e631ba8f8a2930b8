import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  ALGORITHM_NAMES,
  createRekeyStatement,
  PrivateKey,
  SynthesisCryptoError,
  type AlgorithmName,
} from '@sema/synthesis-crypto';
import { Command, Option } from 'commander';
import { CliError, notWritable } from '../cli-error.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { openMode } from '../key-file.ts';
import { output, type OutputOptions } from '../output.ts';
import { createFile, createPrivateFile } from '../private-file.ts';
import { readText } from '../read-text.ts';
import { alignFacts } from '../table.ts';

interface KeyFlags extends OutputOptions {
  readonly algorithm: AlgorithmName;
}

/** Pairs and Falcon have no PEM. */
const WITH_PEM = ALGORITHM_NAMES.filter((name) => !name.includes('+') && !/^Falcon/.test(name));

const ABOUT = `
Journals are signed with Ed25519. The other algorithms are for tokens; see sema token --help. A key
is never printed, and a key file that others can read is refused.

Examples:
  $ sema keys create
  $ sema keys show
  $ sema keys rotate     # a new key, with a statement signed by both

Exit codes: 0 done · 2 wrong usage · 3 the file cannot be used, or is there already`;

export function keysCommand(): Command {
  const command = new Command('keys')
    .description('make, show and replace signing keys')
    .addHelpText('after', ABOUT)
    .addCommand(sub('create', 'make a key in a new file, mode 0600', create))
    .addCommand(sub('show', 'print what is public of a key', show))
    .addCommand(sub('rotate', 'replace a key; the old one is kept beside it', rotate));
  return command;
}

function sub(
  name: string,
  description: string,
  action: (path: string | undefined, flags: KeyFlags) => void,
): Command {
  return new Command(name)
    .description(description)
    .argument('[file]', 'key file (default: .sema/keys/signing.pem)')
    .addOption(
      new Option('--algorithm <name>', 'algorithm of the key').choices(WITH_PEM).default('Ed25519'),
    )
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .action(action);
}

function create(path = defaultKeyFile(), flags: KeyFlags): void {
  using key = PrivateKey.generate(flags.algorithm);
  createPrivateFile(path, key.toPem());
  print(path, key, flags);
}

function show(path = defaultKeyFile(), flags: KeyFlags): void {
  using key = readPrivateKey(path, flags.algorithm);
  print(path, key, flags);
}

function rotate(path = defaultKeyFile(), flags: KeyFlags): void {
  using from = readPrivateKey(path, flags.algorithm);
  using to = PrivateKey.generate(flags.algorithm);
  const old = join(dirname(path), `${from.publicKey.keyId}.pem`);
  const statement = join(dirname(path), `${to.publicKey.keyId}.rekey.json`);
  if (existsSync(old)) {
    throw new CliError('ALREADY_THERE', `${old} is there already`, 'move it away');
  }
  const nowSeconds = Math.floor(Date.now() / 1000);
  const jws = createRekeyStatement({ from, to, nowSeconds, sequence: 1 });
  createPrivateFile(`${path}.new`, to.toPem());
  createFile(statement, `${JSON.stringify(jws, null, 2)}\n`);
  try {
    renameSync(path, old);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw notWritable(path, error);
  }
  print(path, to, flags, [
    ['old key', old],
    ['statement', statement],
  ]);
}

/**
 * The private key in a PEM file that only its owner can read.
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `KEY_FILE_NOT_PRIVATE`, `KEY_FILE_NOT_USABLE`
 */
export function readPrivateKey(path: string, algorithm: AlgorithmName): PrivateKey {
  const pem = readText(path);
  const mode = openMode(path);
  if (mode !== undefined) {
    const what = `${path} has mode ${mode}: others can read or change the key`;
    throw new CliError('KEY_FILE_NOT_PRIVATE', what, `run: chmod 600 ${path}`);
  }
  try {
    return PrivateKey.fromPem(algorithm, pem);
  } catch (error) {
    if (!(error instanceof SynthesisCryptoError)) throw error;
    const what = `${path} holds no private key of ${algorithm}`;
    const next = 'name its algorithm with --algorithm, or give another file';
    throw new CliError('KEY_FILE_NOT_USABLE', what, next, { cause: error });
  }
}

function print(
  path: string,
  { algorithm, publicKey }: PrivateKey,
  flags: KeyFlags,
  more: readonly (readonly [string, string])[] = [],
): void {
  const out = output(flags);
  const pem = publicKey.toPem();
  const text = algorithm === 'Ed25519' ? Buffer.from(publicKey.toRaw()).toString('base64url') : '';
  const facts: (readonly [string, string])[] = [
    ['file', path],
    ['algorithm', algorithm],
    ['key id', publicKey.keyId],
    ...(text === '' ? [] : [['public key', text] as const]),
    ...more,
  ];
  for (const line of alignFacts(facts)) out.say(line);
  if (text === '') out.say(pem.trimEnd());
  const document = { file: path, algorithm, keyId: publicKey.keyId, publicKeyPem: pem };
  out.json({ ...document, ...(text !== '' && { publicKey: text }), ...Object.fromEntries(more) });
}
