import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { ALGORITHM_NAMES, PublicKey, verifyItem, type AlgorithmName } from '@sema/synthesis-crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { brokerModule, brokerPorts } from '../broker-ports.ts';
import { CliError, EXIT, errorCode } from '../cli-error.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { count } from '../figures.ts';
import { parseCount } from '../option-values.ts';
import { output, warn, type OutputOptions } from '../output.ts';
import { readBlocks } from '../read-blocks.ts';
import { parseSigned, signedDocument, type SignedFile } from '../signing/signed-document.ts';
import { alignFacts } from '../table.ts';
import { readPrivateKey } from './keys.ts';

interface ServiceFlags extends OutputOptions {
  readonly service: string;
  readonly algorithm: AlgorithmName;
}

interface ServeFlags extends ServiceFlags {
  readonly key?: string;
  readonly gather: number;
  readonly batch: number;
  readonly fresh?: readonly AlgorithmName[];
  readonly ready: number;
  readonly maxKeys: number;
}

interface KeyFlags extends ServiceFlags {
  readonly publicKey: string;
}

interface RequestFlags extends KeyFlags {
  readonly as: string;
  readonly timeout: number;
  readonly freshKey?: AlgorithmName;
}

const ABOUT = `
sema sign serve answers at the broker that SEMA_NATS_URL names. What a service wants signed it
hashes itself; requests that come together are covered by one signature, and each gets the proof of
its own part. It also keeps fresh keys for services that ask for one: they get the certified public
half and a handle, and the private half never leaves. Who may ask is for the broker to say, by
subject.

Examples:
  $ sema sign serve --key signer.pem
  $ sema sign request report.pdf orders.csv --public-key 11qYAYK... > signed.json
  $ sema sign check signed.json report.pdf --public-key 11qYAYK...

Exit codes: 0 done · 1 a signature does not hold · 2 wrong usage · 3 bad input, or no answer`;

const DEFAULT_SERVICE = 'main';

export function signCommand(): Command {
  return new Command('sign')
    .description('sign for other services over a broker, ask for it, and check what was signed')
    .addHelpText('after', ABOUT)
    .addCommand(
      sub('serve', 'answer requests until Ctrl-C')
        .option('--key <file>', 'private key of the signer (default: .sema/keys/signing.pem)')
        .option('--gather <ms>', 'how long a request waits for company', parseCount, 5)
        .option('--batch <items>', 'items that one signature covers at most', parseCount, 4096)
        .addOption(
          new Option(
            '--fresh <algorithm>',
            'fresh keys that are served; repeatable (default: Ed25519)',
          ).argParser(parseAlgorithms),
        )
        .option('--ready <count>', 'fresh keys of each kind made ahead', parseCount, 64)
        .option('--max-keys <count>', 'fresh keys held at a time', parseCount, 10_000)
        .action(serve),
    )
    .addCommand(
      sub('request', 'have files signed, and print the proofs as JSON')
        .argument('<files...>', 'what to sign; only hashes leave this machine')
        .requiredOption('--public-key <key>', 'of the signer: base64url, or a PEM file')
        .option('--as <client>', 'name of this client, for one process at a time', parseName, 'cli')
        .option('--timeout <seconds>', 'how long to wait for an answer', parseCount, 30)
        .addOption(
          new Option(
            '--fresh-key <algorithm>',
            'sign with a fresh key that the signer keeps',
          ).choices(ALGORITHM_NAMES),
        )
        .action(request),
    )
    .addCommand(
      sub('check', 'check files against what sema sign request printed; needs no broker')
        .argument('<signed>', 'the JSON that was printed')
        .argument('<files...>', 'files that were signed')
        .requiredOption('--public-key <key>', 'of the signer: base64url, or a PEM file')
        .action(check),
    );
}

function sub(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--service <name>', 'name of the signers', parseName, DEFAULT_SERVICE)
    .addOption(
      new Option('--algorithm <name>', "of the signer's key")
        .choices(ALGORITHM_NAMES)
        .default('Ed25519'),
    )
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors');
}

async function serve(flags: ServeFlags): Promise<void> {
  using key = readPrivateKey(resolve(flags.key ?? defaultKeyFile()), flags.algorithm);
  const { runSigner } = await brokerModule();
  const ports = await brokerPorts();
  const out = output(flags);
  const stop = new AbortController();
  const note = (): void => {
    warn('finishing what was taken');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, note);
  out.say(`signing as ${flags.service} with ${key.algorithm} ${key.publicKey.keyId}`);
  try {
    const figures = await runSigner({
      ports,
      service: flags.service,
      key,
      ready: Object.fromEntries(
        (flags.fresh ?? ['Ed25519']).map((algorithm) => [algorithm, flags.ready]),
      ),
      maximumKeys: flags.maxKeys,
      maximumBatch: flags.batch,
      gatherMs: flags.gather,
      now: () => Date.now(),
      signal: stop.signal,
      onSilence: (message) => {
        warn(`the broker does not answer (${message}); waiting for it`);
      },
    });
    const { requests, items, batches } = figures;
    out.say(`${count(requests)} requests, ${count(items)} items, ${count(batches)} batches`);
    out.json(figures);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('BAD_OPTION', error.message, 'see --help for the options', { cause: error });
  } finally {
    await ports.close();
  }
}

async function request(paths: readonly string[], flags: RequestFlags): Promise<void> {
  const trusted = publicKeyOf(flags);
  const files = paths.map((path) => ({ path, hash: hashOf(path) }));
  const { SigningClient } = await brokerModule();
  const ports = await brokerPorts();
  try {
    using client = new SigningClient({
      ports,
      service: flags.service,
      client: flags.as,
      trusted,
      timeoutMs: flags.timeout * 1000,
    });
    const lifetimeMs = flags.timeout * 1000;
    const { freshKey: algorithm } = flags;
    const key =
      algorithm === undefined
        ? undefined
        : await client.freshKey({ algorithm, lifetimeMs, signatures: 1 });
    const proofs = await (key ?? client).sign(files.map(({ hash }) => hash));
    const document = signedDocument(files, proofs, key);
    // Proofs are for other programs to read, so they are JSON whatever is asked for.
    if (flags.quiet !== true) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SigningError') throw error;
    const what = `${errorCode(error) ?? ''}: ${error.message}`;
    const next = 'see that sema sign serve runs with this key and this --service';
    throw new CliError('NOT_SIGNED', what, next, { cause: error });
  } finally {
    await ports.close();
  }
}

async function check(signedPath: string, paths: readonly string[], flags: KeyFlags): Promise<void> {
  const trusted = publicKeyOf(flags);
  const { certificateBytes } = await brokerModule();
  const signed = parseSigned(signedPath);
  const { certificate } = signed;
  let key: PublicKey | undefined = trusted;
  if (certificate !== undefined) {
    const isTheirs = trusted.verify(certificateBytes(certificate.body), certificate.signature);
    const raw = Buffer.from(certificate.body.publicKey, 'base64url');
    key = isTheirs ? PublicKey.fromRaw(certificate.body.algorithm, raw) : undefined;
  }
  const results = paths.map((path) => {
    const hash = hashOf(path);
    const isSigned = (file: SignedFile): boolean =>
      Buffer.from(file.hash).equals(hash) && key !== undefined && verifyItem(hash, file.proof, key);
    return { file: path, signed: signed.files.some(isSigned) };
  });
  const out = output(flags);
  const facts = results.map((each) => [each.signed ? 'SIGNED' : 'NOT SIGNED', each.file] as const);
  for (const line of alignFacts(facts)) out.say(line);
  out.json({ keyId: key?.keyId ?? null, files: results });
  if (results.some((each) => !each.signed)) process.exitCode = EXIT.checkFailed;
}

function hashOf(path: string): Buffer {
  const hash = createHash('sha256');
  for (const block of readBlocks(path)) hash.update(block);
  return hash.digest();
}

function publicKeyOf({ publicKey, algorithm }: KeyFlags): PublicKey {
  try {
    if (/^[A-Za-z0-9_-]{43}$/.test(publicKey)) {
      return PublicKey.fromRaw(algorithm, Buffer.from(publicKey, 'base64url'));
    }
    return PublicKey.fromPem(algorithm, readFileSync(publicKey, 'utf8'));
  } catch (error) {
    const what = `${publicKey} is no public key of ${algorithm} and no PEM file with one`;
    const next = 'give what sema keys show prints, and its --algorithm';
    throw new CliError('BAD_OPTION', what, next, { cause: error });
  }
}

function parseName(text: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 32 letters, digits, _ or -.');
}

function parseAlgorithms(text: string, before: readonly AlgorithmName[] = []): AlgorithmName[] {
  const algorithm = ALGORITHM_NAMES.find((name) => name === text);
  if (algorithm === undefined) {
    throw new InvalidArgumentError(`It must be one of ${ALGORITHM_NAMES.join(', ')}.`);
  }
  return [...before, algorithm];
}
