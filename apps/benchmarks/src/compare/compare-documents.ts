import { mulberry32 } from '@sema/simulator';
import type { BenchDocument } from '../document.ts';
import type { Row } from '../harness.ts';
import { medianOfRatios, ratioOfMedians, type RatioInterval, type Sampled } from './bootstrap.ts';
import { byKey } from './merged-runs.ts';
import { betterWay, outsidePeer } from './row-direction.ts';

export type Verdict = 'slower' | 'faster' | 'cannot tell' | 'the same';

export interface ComparedRow {
  readonly suite: string;
  readonly name: string;
  readonly unit: string;
  readonly before: number;
  readonly after: number;
  /** What it costs now over what it cost: above 1 is worse, whichever way the row counts. */
  readonly cost: RatioInterval | undefined;
  /** Whether what was compared is the ratio to the peer. */
  readonly overPeer: string | undefined;
  readonly verdict: Verdict;
  /** Met before and missed now. */
  readonly lostTarget: boolean;
  /** Worse by more than the tolerance, the whole interval of it. */
  readonly regressed: boolean;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** Rows that only one of the documents has. */
  readonly unmatched: number;
  /** What one sample is. */
  readonly sampleIs: 'a process' | 'a round';
}

export interface CompareOptions {
  /** The share by which a row may get worse before it is a regression. */
  readonly tolerance: number;
  /** Whether the processes of both took turns. */
  readonly paired: boolean;
  readonly seed: number;
}

/**
 * Of one row's interval. By it, of many rows that have not changed, about one in a hundred is called
 * faster or slower.
 */
export const CONFIDENCE = 0.99;
const RESAMPLES = 2000;
/** With fewer on each side a difference of nothing is too often taken for one. */
export const LEAST_SAMPLES = 5;

/**
 * Judges every row that both documents have.
 *
 * @throws {Error} when they were not measured alike: on another processor, or one of them quickly.
 */
export function compareDocuments(
  before: BenchDocument,
  after: BenchDocument,
  options: CompareOptions,
): Comparison {
  refuseUnlike(before, after);
  const byProcess = Math.min(before.runs, after.runs) >= LEAST_SAMPLES;
  const old = keyedRows(before);
  const now = keyedRows(after);
  const rows: ComparedRow[] = [];
  for (const [key, row] of now) {
    const was = old.get(key);
    if (was === undefined) continue;
    rows.push({ suite: key.split('\0', 1)[0], ...comparedRow(was, row, options) });
  }
  const unmatched = old.size + now.size - 2 * rows.length;
  return { rows, unmatched, sampleIs: byProcess ? 'a process' : 'a round' };
}

function refuseUnlike(before: BenchDocument, after: BenchDocument): void {
  const [was, is] = [before.machine, after.machine];
  if (was.processor !== is.processor || was.threads !== is.threads) {
    throw new Error(
      `measured on ${was.processor}, ${String(was.threads)} threads, and on ${is.processor}, ` +
        `${String(is.threads)} threads: figures of two machines tell nothing of a change`,
    );
  }
  if (before.quick !== after.quick) throw new Error('one of the two is quick and the other is not');
  if (before.runs > 1 !== after.runs > 1) {
    throw new Error('one of the two has samples of several processes and the other of rounds');
  }
}

function keyedRows({ suites }: BenchDocument): Map<string, Row> {
  return new Map(
    suites.flatMap(({ name, rows }) =>
      [...byKey(rows)].map(([key, row]) => [`${name}\0${key}`, row] as const),
    ),
  );
}

function comparedRow(
  was: Row,
  is: Row,
  { tolerance, paired, seed }: CompareOptions,
): Omit<ComparedRow, 'suite'> {
  const way = betterWay(is);
  const peer = outsidePeer(is) === outsidePeer(was) ? outsidePeer(is) : undefined;
  const [before, after] = [was, is].map((row) => sampledOf(row, peer !== undefined));
  const figures = { name: is.name, unit: is.unit, before: was.value, after: is.value };
  const lostTarget = was.met === true && is.met === false;
  const plain = { ...figures, cost: undefined, overPeer: undefined, lostTarget, regressed: false };
  if (was.value === is.value) return { ...plain, verdict: 'the same' };
  if (way === 'lower' && isNothing(before) && isAlwaysMore(after)) {
    return { ...plain, verdict: 'slower', regressed: true };
  }
  if (way === undefined || !isEnough(before) || !isEnough(after)) {
    return { ...plain, verdict: 'cannot tell' };
  }
  const [cheap, dear] = way === 'lower' ? [before, after] : [after, before];
  const bootstrap = { confidence: CONFIDENCE, resamples: RESAMPLES, random: mulberry32(seed) };
  const inPairs = paired && before.own.length === after.own.length;
  const cost = (inPairs ? medianOfRatios : ratioOfMedians)(cheap, dear, bootstrap);
  const verdict = cost.low > 1 ? 'slower' : cost.high < 1 ? 'faster' : 'cannot tell';
  const regressed = cost.low > 1 + tolerance;
  return { ...plain, cost, overPeer: peer, verdict, regressed };
}

function sampledOf({ samples, peerSamples }: Row, overPeer: boolean): Sampled {
  return { own: samples ?? [], peer: overPeer ? peerSamples : null };
}

/** What was never there and now always is has no ratio, and needs none. */
function isNothing({ own }: Sampled): boolean {
  return own.length >= LEAST_SAMPLES && own.every((value) => value === 0);
}

function isAlwaysMore({ own }: Sampled): boolean {
  return own.length >= LEAST_SAMPLES && own.every((value) => value > 0);
}

/** A ratio needs figures above nothing. */
function isEnough({ own, peer }: Sampled): boolean {
  return [own, ...(peer === null ? [] : [peer])].every(
    (samples) => samples.length >= LEAST_SAMPLES && samples.every((value) => value > 0),
  );
}
