import { DENIALS } from '@sema/qar';
import { code, GENERATED, table } from './markdown.ts';
import { documentedReasons, errorCodes, numbersOf, problemsOf } from './source-codes.ts';

/** Each class of error, the type of its codes, and where its messages are. */
const ERRORS = [
  ['@sema/simulator', 'SimulatorError', 'packages/simulator/src/errors.ts'],
  ['@sema/serializer', 'SerializerError', 'packages/serializer/src/errors.ts'],
  ['@sema/timing-buffer', 'TimingBufferError', 'packages/timing-buffer/src/errors.ts'],
  ['@sema/synthesis-crypto', 'SynthesisCryptoError', 'packages/synthesis-crypto/src/errors.ts'],
  ['@sema/resource-pool', 'ResourcePoolError', 'packages/resource-pool/src/errors.ts'],
  ['@sema/algorithms', 'AlgorithmError', 'packages/algorithms/src/errors.ts'],
  ['@sema/learning', 'LearningError', 'packages/learning/src/errors.ts'],
  ['@sema/qar', 'QarError', 'packages/qar/src/errors.ts'],
  ['@sema/qar', 'MarketDataError', 'packages/qar/src/market-data/market-data-error.ts'],
  ['sema', 'CliError', 'apps/cli/src/cli-error.ts'],
] as const;

/** Every code that something of ours throws or answers with. */
export function errorsPage(): string {
  const sections = ERRORS.map(([owner, name, file]) => {
    const sources = file.slice(0, file.indexOf('/src/') + '/src'.length);
    const rows = errorCodes(file, `${name}Code`, sources).map((entry) => [
      code(entry.code),
      entry.message === undefined ? '' : entry.message,
    ]);
    return `## ${code(name)} of ${code(owner)}\n\n${table(['code', 'such as'], rows)}`;
  });
  const problems = problemsOf('apps/service/src/service-error.ts', 'PROBLEMS');
  return `${GENERATED}

# Error codes

Each package throws one class of error on purpose, with a \`code\` to switch on and a message for
people: what was given, and the rule it broke. \`…\` stands for a value. Where nothing is shown, the
message is put together elsewhere. Codes are part of the API; messages are not.

${sections.join('\n\n')}

## Problems of the service

Answers in \`application/problem+json\` (RFC 9457).

${table(
  ['code', 'status', 'title'],
  problems.map(([problem, status, title]) => [code(problem), status, title]),
)}
`;
}

/** Why no order was made: the gate's denials and the experts' abstentions. */
export function denialsPage(): string {
  const denials = Object.entries(DENIALS).map(([reason, says]) => [code(reason), says]);
  const abstentions = documentedReasons(
    'packages/qar/src/experts/expert.ts',
    'AbstentionReason',
  ).map(([reason, says]) => [code(reason), says]);
  return `${GENERATED}

# Why there was no order

## Denials

The risk gate asks its rules in this order and names the first that forbids an entry. It never
refuses to reduce a position, but after a kill. Limits are in [the settings](configuration.md#risk).

${table(['reason', 'what it says'], denials)}

## Abstentions

An expert without evidence has no vote. One whose record is still too short to say what its word is
worth abstains as \`UNCALIBRATED\`.

${table(['reason', 'when'], abstentions)}
`;
}

/** What each exit code means; a code without words here stops the generator. */
const EXITS: Readonly<Record<string, string>> = {
  ok: 'done',
  checkFailed:
    'a check failed: `verify`, `replay`, `doctor`, `token inspect`, `sign check`, those of ' +
    '`demo`; or tasks of a sweep',
  usage: 'wrong usage',
  badInput:
    'bad input: candles, journal, snapshot, key, token, circuit or ledger, or what is there ' +
    'already',
  internal: 'internal error; `SEMA_DEBUG=1` shows its stack',
  interrupted: 'interrupted by Ctrl-C; what was done is kept, and the message says how to go on',
};

export function exitCodesPage(): string {
  const exits = [...numbersOf('apps/cli/src/cli-error.ts', 'EXIT')].map(([name, number]) => {
    if (EXITS[name] === undefined) throw new Error(`nothing is said of the exit code ${name}`);
    return [String(number), EXITS[name]];
  });
  return `${GENERATED}

# Exit codes of \`sema\`

${table(['code', 'meaning'], exits)}

What was wrong is one line on standard error: \`error CODE: message. Next: what to do\`. The codes
are in [the error codes](errors.md#clierror-of-sema).
`;
}
