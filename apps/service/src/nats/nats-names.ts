import { createHash } from 'node:crypto';

/** `/` and `:`, and a point that would leave a token of a subject empty. */
const ESCAPED = /[/:]|^\.|\.$|\.(?=\.)/g;

/**
 * A name as tokens of a NATS subject: points part tokens, `/` is `=2F` and `:` is `=3A`, and a
 * point that would make an empty token is `=2E`. `candles.kraken.BTC/EUR` is
 * `candles.kraken.BTC=2FEUR`. No two names become one, since no name holds `=`.
 */
export function encodeName(name: string): string {
  return name.replace(ESCAPED, (each) => `=${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function decodeName(encoded: string): string {
  return encoded.replace(/=([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The consumer of a queue: a name of its own that is no longer than a server takes. */
export function consumerName(queue: string): string {
  return `queue-${createHash('sha256').update(queue).digest('hex').slice(0, 32)}`;
}
