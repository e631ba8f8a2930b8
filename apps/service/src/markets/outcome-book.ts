import type { Context } from '../context.ts';
import { ServiceError } from '../service-error.ts';
import { FrameDecisionTable } from '../storage/frame-decision-table.ts';
import { OutcomeTable } from '../storage/outcome-table.ts';
import type { Market } from './market.ts';

/** A trade that was closed elsewhere. */
export interface ClosedElsewhere {
  readonly id: string;
  readonly closedAt: number;
  readonly return: number;
  readonly stopped: boolean;
  /** Of the signal that opened it. */
  readonly decisionId?: string | undefined;
}

/**
 * Counts trades that were closed elsewhere, each once in a market, and has the market whose model
 * decided on one learn from it.
 */
export class OutcomeBook {
  readonly #table: OutcomeTable;
  readonly #decisions: FrameDecisionTable;

  constructor({ database }: Context) {
    this.#table = new OutcomeTable(database);
    this.#decisions = new FrameDecisionTable(database);
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
    const { decisionId, ...trade } = outcome;
    const decision = decisionId === undefined ? undefined : this.#decisions.find(key, decisionId);
    const told = { kind: 'trade', ...trade, who, ...(decision && { decision }) } as const;
    market.intervene(told, () => {
      this.#table.add(key, outcome.id, content);
      audit('outcome', market.id, content);
    });
    return 'taken';
  }
}
