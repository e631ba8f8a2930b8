import type { Context } from '../context.ts';
import { ServiceError } from '../service-error.ts';
import { OutcomeTable } from '../storage/outcome-table.ts';
import type { Market } from './market.ts';

/** A trade that was closed elsewhere. */
export interface ClosedElsewhere {
  readonly id: string;
  readonly closedAt: number;
  readonly return: number;
  readonly stopped: boolean;
}

/** Counts trades that were closed elsewhere, each once in a market. */
export class OutcomeBook {
  readonly #table: OutcomeTable;

  constructor({ database }: Context) {
    this.#table = new OutcomeTable(database);
  }

  /** @throws {ServiceError} `OUTCOME_CONFLICT` */
  take(
    market: Market,
    outcome: ClosedElsewhere,
    who: string,
    audit: (action: string, subject: string, detail: string) => void,
  ): 'taken' | 'known' {
    const key = market.record.market;
    const content = JSON.stringify(outcome);
    const known = this.#table.find(key, outcome.id);
    if (known === content) return 'known';
    if (known !== undefined) {
      throw new ServiceError('OUTCOME_CONFLICT', `'${outcome.id}' was taken with other values`);
    }
    market.intervene({ kind: 'trade', ...outcome, who }, () => {
      this.#table.add(key, outcome.id, content);
      audit('outcome', market.id, content);
    });
    return 'taken';
  }
}
