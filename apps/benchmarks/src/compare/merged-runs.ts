import type { BenchDocument } from '../document.ts';
import { median, row, type Row } from '../harness.ts';

/**
 * One document of several processes that measured the same: each row's value is the median of theirs,
 * and its samples are their values. A row that one of them lacks is left out.
 *
 * @param documents - at least one.
 */
export function mergedRuns(documents: readonly BenchDocument[]): BenchDocument {
  const [first] = documents;
  const suites = first.suites.map((suite, at) => {
    const results = documents.map(({ suites: each }) => each[at]);
    return {
      ...suite,
      seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
      skipped: [...new Set(results.flatMap(({ skipped }) => skipped))],
      failure: results.find(({ failure }) => failure !== null)?.failure ?? null,
      rows: mergedRows(results.map(({ rows }) => rows)),
    };
  });
  return {
    ...first,
    runs: documents.length,
    seconds: documents.reduce((sum, { seconds }) => sum + seconds, 0),
    suites,
  };
}

function mergedRows(runs: readonly (readonly Row[])[]): Row[] {
  const keyed = runs.map((rows) => byKey(rows));
  return [...keyed[0]].flatMap(([key, row]) => {
    const rows = keyed.flatMap((each) => each.get(key) ?? []);
    return rows.length === runs.length ? [mergedRow(row, rows)] : [];
  });
}

/** Rows by name and which of its name each is. */
export function byKey(rows: readonly Row[]): Map<string, Row> {
  const seen = new Map<string, number>();
  return new Map(
    rows.map((each) => {
      const count = seen.get(each.name) ?? 0;
      seen.set(each.name, count + 1);
      return [`${each.name}\0${String(count)}`, each];
    }),
  );
}

function mergedRow(first: Row, rows: readonly Row[]): Row {
  const { name, unit, goal, target, peer } = first;
  const values = rows.map(({ value }) => value);
  const peers = rows.flatMap(({ peerValue }) => peerValue ?? []);
  return row({
    name,
    unit,
    value: median(values),
    samples: values,
    ...(goal && { goal }),
    ...(target && { target }),
    ...(peer !== null &&
      peers.length === rows.length && {
        peer: { name: peer, value: median(peers), samples: peers },
      }),
  });
}
