import { readFileSync } from 'node:fs';
import process from 'node:process';
import {
  ALGORITHM_NAMES,
  createAdaptiveToken,
  DEFAULT_POLICY,
  fromBase64url,
  SynthesisCryptoError,
  verifyAdaptiveToken,
  type AlgorithmName,
} from '@sema/synthesis-crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError, EXIT, notReadable } from '../cli-error.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { parseCount } from '../option-values.ts';
import { output, type OutputOptions } from '../output.ts';
import { alignFacts } from '../table.ts';
import { readPrivateKey } from './keys.ts';

interface CreateFlags extends OutputOptions {
  readonly key?: string;
  readonly algorithm: AlgorithmName;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly value: bigint;
  readonly frequency: bigint;
  readonly lifetime: number;
}

interface InspectFlags extends OutputOptions {
  readonly key?: string;
  readonly algorithm: AlgorithmName;
  readonly audience?: string;
}

const ABOUT = `
A token is a signed statement (a JWS with the claims of a JWT) of who may do what until when. What
it is worth and how often it is used give the class of the key that must sign it: below 1000
Ed25519, below 10 000 ML-DSA-65; see sema keys create --algorithm.

Examples:
  $ sema token create --issuer desk --subject bot-1 --audience sema --lifetime 3600
  $ sema token inspect eyJ… --key .sema/keys/signing.pem --audience sema
  $ sema token create … | sema token inspect -

Exit codes: 0 done · 1 the token does not verify · 2 wrong usage · 3 key or token cannot be read`;

export function tokenCommand(): Command {
  const algorithm = () =>
    new Option('--algorithm <name>', 'algorithm of the key')
      .choices(ALGORITHM_NAMES)
      .default('Ed25519');
  const create = new Command('create')
    .description('sign a token and print it')
    .requiredOption('--subject <text>', 'whom it is about')
    .option('--issuer <text>', 'who says so', 'sema')
    .option('--audience <text>', 'for whom it is', 'sema')
    .option('--value <number>', 'what it is worth', parseNatural, 1n)
    .option('--frequency <number>', 'how often it is used', parseNatural, 1n)
    .option('--lifetime <seconds>', 'for how long it holds', parseCount, 3600)
    .option('--key <file>', 'the signing key (default: .sema/keys/signing.pem)')
    .addOption(algorithm())
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .action(createToken);
  const inspect = new Command('inspect')
    .description('print the claims of a token, and with --key whether it holds')
    .argument('<token>', 'the token, a file that holds it, or - for standard input')
    .option('--key <file>', 'the key it must be signed with')
    .addOption(algorithm())
    .option('--audience <text>', 'for whom it must be (default: whom it names)')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .action(inspectToken);
  return new Command('token')
    .description('make and read signed tokens')
    .addHelpText('after', ABOUT)
    .addCommand(create)
    .addCommand(inspect);
}

function createToken(flags: CreateFlags): void {
  using privateKey = readPrivateKey(flags.key ?? defaultKeyFile(), flags.algorithm);
  try {
    const { jws, claims } = createAdaptiveToken({
      issuer: flags.issuer,
      subject: flags.subject,
      audience: flags.audience,
      tokenValue: flags.value,
      frequency: flags.frequency,
      policy: DEFAULT_POLICY,
      privateKey,
      nowSeconds: nowSeconds(),
      lifetimeSeconds: flags.lifetime,
    });
    const out = output(flags);
    out.say(typeof jws === 'string' ? jws : JSON.stringify(jws));
    out.json({ token: jws, claims });
  } catch (error) {
    if (!(error instanceof SynthesisCryptoError)) throw error;
    const next = 'make a key of that algorithm with sema keys create, or lower --value';
    throw new CliError('BAD_OPTION', error.message, next, { cause: error });
  }
}

function inspectToken(given: string, flags: InspectFlags): void {
  const out = output(flags);
  const token = parsed(tokenText(given));
  const claims = claimsOf(token);
  const verdict = flags.key === undefined ? undefined : verdictOf(token, claims, flags);
  const facts = Object.entries(claims).map(([name, value]): [string, string] => [
    name,
    claimText(name, value),
  ]);
  if (verdict === undefined) facts.push(['verified', 'no: give --key']);
  else facts.push(['verified', verdict === 'VALID' ? 'yes' : `NO: ${verdict}`]);
  for (const line of alignFacts(facts)) out.say(line);
  out.json({ claims, verified: verdict ?? null });
  if (verdict !== undefined && verdict !== 'VALID') process.exitCode = EXIT.checkFailed;
}

function verdictOf(
  token: unknown,
  claims: Readonly<Record<string, unknown>>,
  flags: InspectFlags,
): string {
  using key = readPrivateKey(flags.key ?? defaultKeyFile(), flags.algorithm);
  const verdict = verifyAdaptiveToken(token, {
    policies: [DEFAULT_POLICY],
    findKey: () => key.publicKey,
    audience: flags.audience ?? String(claims.aud),
    nowSeconds: nowSeconds(),
    skewSeconds: 60,
  });
  return verdict.valid ? 'VALID' : verdict.reason;
}

function tokenText(given: string): string {
  if (/^eyJ|^\s*\{/.test(given)) return given;
  try {
    return readFileSync(given === '-' ? 0 : given, 'utf8').trim();
  } catch (error) {
    throw notReadable(given, error);
  }
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw notAToken();
  }
}

/** Read without any check, to show what an unknown token says of itself. */
function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>(Object.entries(Object(token) as object));
  const payload = typeof token === 'string' ? token.split('.')[1] : fields.get('payload');
  try {
    const text = Buffer.from(fromBase64url(String(payload))).toString();
    const claims: unknown = JSON.parse(text);
    if (typeof claims === 'object' && claims !== null) return { ...claims };
  } catch {
    // Said below.
  }
  throw notAToken();
}

function notAToken(): CliError {
  const next = 'give the token as sema token create printed it';
  return new CliError('NOT_A_TOKEN', 'that is no signed token', next);
}

function claimText(name: string, value: unknown): string {
  const time = name === 'iat' || name === 'exp';
  return time && typeof value === 'number' && value < 1e11
    ? `${String(value)} (${new Date(value * 1000).toISOString()})`
    : String(value);
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function parseNatural(text: string): bigint {
  if (!/^\d{1,30}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return BigInt(text);
}
