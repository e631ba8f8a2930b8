import type { Ports } from '@sema/qar/ports';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import type { RecordedMarket } from './cluster-world.ts';

interface Kept {
  readonly subject: string;
  readonly position: number;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** All that a cluster has kept, with which others can begin. */
export interface Prelude {
  readonly messages: readonly Kept[];
  readonly records: readonly Kept[];
  readonly blobs: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

export async function preludeOf(
  { bus, journal, blobs }: Ports,
  markets: readonly RecordedMarket[],
): Promise<Prelude> {
  const messages: Kept[] = [];
  const records: Kept[] = [];
  for (const { venue, pair } of markets) {
    const names = marketNames(venue, pair);
    for (const subject of [names.candles, names.decisions]) {
      const last = await bus.last(subject);
      if (last === undefined) continue;
      for await (const message of bus.follow(subject, 0, new AbortController().signal)) {
        messages.push({ subject, ...message });
        if (message.position >= last.position) break;
      }
    }
    for await (const record of journal.read(names.journal, 0)) {
      records.push({ subject: names.journal, ...record });
    }
  }
  const names = await blobs.list('');
  const kept = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await blobs.get(name)) ?? new Uint8Array() })),
  );
  const inOrder = (all: Kept[]): Kept[] => all.sort((a, b) => a.position - b.position);
  return { messages: inOrder(messages), records: inOrder(records), blobs: kept };
}

/** Keeps it all again in empty ports, where everything gets the position that it had. */
export async function playPrelude({ bus, journal, blobs }: Ports, prelude: Prelude): Promise<void> {
  for (const { subject, id, bytes } of prelude.messages) await bus.publish(subject, id, bytes);
  const ends = new Map<string, number>();
  for (const { subject, id, bytes } of prelude.records) {
    const { position } = await journal.append(subject, id, bytes, ends.get(subject) ?? 0);
    ends.set(subject, position);
  }
  for (const { name, bytes } of prelude.blobs) await blobs.put(name, bytes);
}
