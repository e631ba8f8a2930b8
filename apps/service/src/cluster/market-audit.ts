import { verifyJournal } from '@sema/qar';
import type { JournalVerdict } from '@sema/qar';
import type { JournalLog } from '@sema/qar/ports';
import { decodeRecord } from './journal-record.ts';
import { decisionOf } from './market-history.ts';
import type { MarketNames } from './cluster-market.ts';

/** What the journal of one market holds, checked line by line. */
export interface MarketAudit {
  readonly candles: number;
  readonly decisions: number;
  /** Journals one after another: a change of the model seals one and begins the next. */
  readonly journals: readonly (readonly string[])[];
  /** Why the history does not hold; undefined when it does. */
  readonly fault: string | undefined;
}

/**
 * Reads the whole journal of a market and checks every hash and signature, that each journal but
 * the last is sealed and named by the next, and that no candle is there twice. O(records).
 *
 * @param publicKey - base64url; who must have signed.
 * @throws {ClusterError} `BAD_RECORD`
 * @throws {PortError}
 */
export async function auditMarket(
  journal: JournalLog,
  names: MarketNames,
  publicKey: string,
): Promise<MarketAudit> {
  const journals: string[][] = [];
  let [candles, decisions, lastTime] = [0, 0, -Infinity];
  let fault: string | undefined;
  for await (const { bytes } of journal.read(names.journal, 0)) {
    const record = decodeRecord(bytes);
    const { time } = record.candle;
    if (time <= lastTime) fault ??= `the candle at ${String(time)} follows a later one`;
    lastTime = time;
    candles++;
    const decision = decisionOf(record);
    if (decision !== undefined) decisions++;
    if (decision !== undefined && decision.time !== time) {
      fault ??= `the record of the candle at ${String(time)} holds another candle's decision`;
    }
    for (const line of record.lines) {
      if (line.startsWith('{"body":{"kind":"header"')) journals.push([]);
      journals[journals.length - 1]?.push(line);
    }
  }
  return { candles, decisions, journals, fault: fault ?? chainFault(journals, names, publicKey) };
}

function chainFault(
  journals: readonly (readonly string[])[],
  { market }: MarketNames,
  publicKey: string,
): string | undefined {
  let name = market;
  for (const [index, lines] of journals.entries()) {
    const verdict: JournalVerdict = verifyJournal(lines, { publicKey });
    const journal = `journal ${String(index + 1)}`;
    if (!verdict.valid) return `${journal}, line ${String(verdict.line)}: ${verdict.reason}`;
    const isLast = index === journals.length - 1;
    if (verdict.sealed === isLast) return `${journal} is ${isLast ? 'sealed' : 'not sealed'}`;
    if (!lines[0].includes(JSON.stringify({ name }).slice(1, -1))) {
      return `${journal} does not follow the one before`;
    }
    name = `${market} after ${verdict.lastHash}`;
  }
  return undefined;
}
