import type { Database, Query } from './database.ts';

/** An order that was sent, or was about to be: written down first. */
export interface KeptOrder {
  readonly clientId: string;
  /** Decision that asked for it. */
  readonly sequence: number;
  readonly side: 'buy' | 'sell';
  readonly amount: number;
  readonly price: number;
  /**
   * `unsettled` until the exchange has said what came of it; `absent` when it has no such order.
   */
  readonly state: 'unsettled' | 'settled' | 'absent';
  readonly filled: number;
  readonly feeBase: number;
}

type Row = [
  clientId: string,
  sequence: number,
  side: string,
  amount: number,
  price: number,
  state: string,
  filled: number,
  feeBase: number,
];

const COLUMNS = 'client_id, sequence, side, amount, price, state, filled, fee_base';

/** Orders of one market at one exchange. An id is kept once, and so is sent once at most. */
export class OrderTable {
  readonly #market: number;
  readonly #exchange: string;
  readonly #add: Query<[]>;
  readonly #settle: Query<[]>;
  readonly #all: Query<Row>;
  readonly #has: Query<[found: number]>;
  readonly #unsettled: Query<[...Row, at: number]>;
  readonly #held: Query<[held: number | null]>;

  constructor(database: Database, market: number, exchange: string) {
    this.#market = market;
    this.#exchange = exchange;
    this.#add = database.query(
      "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'unsettled', 0, 0)",
    );
    this.#settle = database.query(
      'UPDATE orders SET state = ?, filled = ?, fee_base = ? WHERE client_id = ?',
    );
    const ours = 'FROM orders WHERE market = ? AND exchange = ?';
    this.#all = database.query(`SELECT ${COLUMNS} ${ours} ORDER BY at DESC, rowid DESC LIMIT ?`);
    this.#has = database.query('SELECT 1 FROM orders WHERE client_id = ?');
    this.#unsettled = database.query(
      `SELECT ${COLUMNS}, at ${ours} AND state = 'unsettled' ORDER BY rowid`,
    );
    this.#held = database.query(
      `SELECT sum(CASE side WHEN 'buy' THEN filled ELSE -filled END - fee_base) ${ours}`,
    );
  }

  add(order: Omit<KeptOrder, 'state' | 'filled' | 'feeBase'>, at: number): void {
    const { clientId, sequence, side, amount, price } = order;
    this.#add.run(...[clientId, this.#market, this.#exchange, sequence, side, amount, price, at]);
  }

  has(clientId: string): boolean {
    return this.#has.first(clientId) !== undefined;
  }

  settle(
    clientId: string,
    found: { readonly filled: number; readonly feeBase: number } | undefined,
  ) {
    const state = found === undefined ? 'absent' : 'settled';
    this.#settle.run(state, found?.filled ?? 0, found?.feeBase ?? 0, clientId);
  }

  /** The oldest first, and when each was written down. */
  unsettled(): { readonly order: KeptOrder; readonly at: number }[] {
    return this.#unsettled.all(this.#market, this.#exchange).map(([...cells]) => {
      const at = cells.pop();
      // The last column is when, and the others are an order's.
      return { order: orderOf(cells as unknown as Row), at: at as number };
    });
  }

  /** The newest first. */
  latest(count: number): KeptOrder[] {
    return this.#all.all(this.#market, this.#exchange, count).map(orderOf);
  }

  /** What all fills have left in the account, base units. */
  held(): number {
    return this.#held.first(this.#market, this.#exchange)?.[0] ?? 0;
  }
}

function orderOf([
  clientId,
  sequence,
  side,
  amount,
  price,
  state,
  filled,
  feeBase,
]: Row): KeptOrder {
  return {
    ...{ clientId, sequence, amount, price, filled, feeBase },
    // Only `add` and `settle` write these columns.
    side: side as KeptOrder['side'],
    state: state as KeptOrder['state'],
  };
}
