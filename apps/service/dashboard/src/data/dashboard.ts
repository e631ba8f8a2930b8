import type { ConnectionState } from './market-stream.ts';
import { MarketStream } from './market-stream.ts';
import {
  lastSequence,
  MOST_KEPT,
  withCandle,
  withDecision,
  type MarketView,
} from './market-view.ts';
import type {
  JournalVerification,
  Market,
  PerformanceReport,
  RiskOrder,
  RiskView,
} from './contract.ts';
import { loaded, LOADING, valueOf, type Loadable } from './loadable.ts';
import {
  listMarkets,
  loadMarket,
  orderRisk,
  readCandles,
  readLatency,
  readPerformance,
  readRisk,
  readTwin,
  verifyJournal,
} from './service.ts';
import { ServiceClient } from './service-client.ts';
import type { ServiceProblem } from './service-problem.ts';
import { readStreamMessage } from './stream-message.ts';
import type { LatencyBucket } from '../figures/latency-buckets.ts';
import { forgetToken, keepToken, keptToken } from './token.ts';
import type { TwinPoint } from './twin-history.ts';

/** Everything that the page shows. */
export interface DashboardState {
  /** `checking` while a token is tried. */
  readonly session: 'signed-out' | 'checking' | 'signed-in';
  /** Why the last sign-in failed, or the session ended. */
  readonly sessionProblem: ServiceProblem | undefined;
  readonly markets: Loadable<readonly Market[]>;
  readonly marketId: string | undefined;
  readonly view: Loadable<MarketView>;
  readonly connection: ConnectionState;
  readonly risk: Loadable<RiskView>;
  readonly performance: Loadable<PerformanceReport>;
  readonly twin: Loadable<readonly TwinPoint[]>;
  readonly latency: Loadable<readonly LatencyBucket[]>;
  /** Undefined until somebody asks. */
  readonly verification: Loadable<JournalVerification> | undefined;
}

const NO_MARKET = {
  marketId: undefined,
  view: LOADING,
  connection: { kind: 'connecting' },
  risk: LOADING,
  performance: LOADING,
  twin: LOADING,
  latency: LOADING,
  verification: undefined,
} as const;

const SIGNED_OUT: DashboardState = {
  session: 'signed-out',
  sessionProblem: undefined,
  markets: LOADING,
  ...NO_MARKET,
};

/** Between two readings of figures that the stream does not carry. */
const FIGURES_EVERY_MS = 2000;

/** What the page knows and does. Listeners are told of a change at most once a frame. */
export class Dashboard {
  readonly #base: string;
  readonly #listeners = new Set<() => void>();
  #state = SIGNED_OUT;
  #client: ServiceClient | undefined;
  #token = '';
  #stream: MarketStream | undefined;
  #isTelling = false;
  #figures: ReturnType<typeof setTimeout> | undefined;
  #receivedAt = 0;

  /** @param base - where the service is, ending in a slash. */
  constructor(base: string) {
    this.#base = base;
  }

  get state(): DashboardState {
    return this.#state;
  }

  /** When the stream last said anything, ms since the Unix epoch; 0 before. */
  get receivedAt(): number {
    return this.#receivedAt;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Goes on with the token of this tab; without one, where the service asks for none. */
  async start(): Promise<void> {
    const token = keptToken();
    await this.signIn(token ?? '');
    const problem = this.#state.sessionProblem;
    // Nobody has tried anything yet, so nothing has failed.
    if (token === undefined && problem?.code === 'SIGNED_OUT') this.signOut();
  }

  /** @param token - empty where the service asks for none. */
  async signIn(token: string): Promise<void> {
    this.#set({ ...SIGNED_OUT, session: 'checking' });
    this.#client = new ServiceClient(this.#base, token);
    const markets = await loaded(listMarkets(this.#client));
    if (markets.kind === 'failed' && markets.problem.code !== 'UNREACHABLE') {
      this.signOut(markets.problem);
      return;
    }
    this.#token = token;
    if (token !== '') keepToken(token);
    this.#set({ session: 'signed-in', markets });
    const first = valueOf(markets)?.[0];
    if (first !== undefined) await this.openMarket(first.id);
  }

  signOut(problem?: ServiceProblem): void {
    this.#closeMarket();
    this.#client = undefined;
    this.#token = '';
    forgetToken();
    this.#set({ ...SIGNED_OUT, sessionProblem: problem });
  }

  /** Asks for the list of markets again, and opens the first when none is open. */
  async reloadMarkets(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const markets = await loaded(listMarkets(client));
    if (this.#lostSession(markets)) return;
    this.#set({ markets });
    const first = valueOf(markets)?.[0];
    if (this.#state.marketId === undefined && first !== undefined) await this.openMarket(first.id);
  }

  async openMarket(id: string): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#closeMarket();
    this.#set({ ...NO_MARKET, marketId: id });
    const view = await loaded(loadMarket(client, id));
    if (this.#state.marketId !== id || this.#lostSession(view)) return;
    this.#set({ view });
    if (view.kind === 'ready') this.#openStream(id);
    await this.#readFigures();
  }

  /** @throws {ServiceProblem} */
  async orderRisk(order: RiskOrder): Promise<void> {
    const { marketId } = this.#state;
    if (this.#client === undefined || marketId === undefined) return;
    await orderRisk(this.#client, marketId, order);
    await this.#readFigures();
  }

  async verifyJournal(): Promise<void> {
    const { marketId } = this.#state;
    if (this.#client === undefined || marketId === undefined) return;
    this.#set({ verification: LOADING });
    const verification = await loaded(verifyJournal(this.#client, marketId));
    if (this.#state.marketId !== marketId || this.#lostSession(verification)) return;
    this.#set({ verification });
  }

  /** Tries to connect now. */
  retry(): void {
    const { view, marketId, markets } = this.#state;
    if (markets.kind !== 'ready') void this.reloadMarkets();
    else if (view.kind === 'failed' && marketId !== undefined) void this.openMarket(marketId);
    else this.#stream?.retry();
  }

  #openStream(id: string): void {
    const url = new URL(`v1/markets/${encodeURIComponent(id)}/stream`, this.#base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#stream = new MarketStream({
      url: url.href,
      protocols: ['sema.v1', ...(this.#token === '' ? [] : [`sema.bearer.${this.#token}`])],
      after: () => {
        const view = valueOf(this.#state.view);
        return view === undefined ? -1 : lastSequence(view);
      },
      onMessage: (message) => {
        this.#receive(message);
      },
      onState: (connection) => {
        if (connection.kind !== this.#state.connection.kind || connection.kind === 'lost') {
          this.#set({ connection });
        }
        // A stream that is refused does not say why; an answer to a question does.
        if (connection.kind === 'lost') void this.#readFigures();
      },
    });
  }

  #receive(message: unknown): void {
    this.#receivedAt = Date.now();
    const news = readStreamMessage(message);
    const view = valueOf(this.#state.view);
    if (news === undefined || view === undefined) return;
    switch (news.kind) {
      case 'greeting':
        void this.#greeted(view, news.sequence);
        return;
      case 'decision':
        this.#set({ view: { kind: 'ready', value: withDecision(view, news.news) } });
        break;
      case 'candle':
        this.#set({ view: { kind: 'ready', value: withCandle(view, news.candle) } });
        break;
      case 'risk': {
        const market = { ...view.market, trading: news.trading };
        this.#set({ view: { kind: 'ready', value: { ...view, market } } });
        break;
      }
    }
    this.#figures ??= setTimeout(() => {
      void this.#readFigures();
    }, FIGURES_EVERY_MS);
  }

  /**
   * After a connection is made: reads the candles that a stream does not send again, or everything
   * when more decisions were missed than are kept.
   */
  async #greeted({ market, ...view }: MarketView, sequence: number | null): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    if ((sequence ?? -1) - lastSequence(view) > MOST_KEPT) {
      await this.openMarket(market.id);
      return;
    }
    const candles = await loaded(readCandles(client, market.id, view.candles.at(-1)?.time));
    const present = valueOf(this.#state.view);
    if (candles.kind !== 'ready' || present?.market.id !== market.id) return;
    this.#set({ view: { kind: 'ready', value: candles.value.reduce(withCandle, present) } });
  }

  async #readFigures(): Promise<void> {
    clearTimeout(this.#figures);
    this.#figures = undefined;
    const { marketId } = this.#state;
    const client = this.#client;
    if (client === undefined || marketId === undefined) return;
    const [risk, performance, twin, latency] = await Promise.all([
      loaded(readRisk(client, marketId)),
      loaded(readPerformance(client, marketId)),
      loaded(readTwin(client, marketId, valueOf(this.#state.twin))),
      loaded(readLatency(client, marketId)),
    ]);
    if (this.#state.marketId !== marketId || this.#lostSession(risk)) return;
    // While the connection is lost, what was known stays; the page says how old it is.
    const known = <Value>(fresh: Loadable<Value>, old: Loadable<Value>): Loadable<Value> =>
      fresh.kind === 'failed' && fresh.problem.code === 'UNREACHABLE' && old.kind === 'ready'
        ? old
        : fresh;
    const { state } = this;
    this.#set({
      risk: known(risk, state.risk),
      performance: known(performance, state.performance),
      twin: known(twin, state.twin),
      latency: known(latency, state.latency),
    });
  }

  /** Whether an answer says that the token is not taken any more; ends the session if so. */
  #lostSession(answer: Loadable<unknown>): boolean {
    if (answer.kind !== 'failed' || answer.problem.code !== 'SIGNED_OUT') return false;
    this.signOut(answer.problem);
    return true;
  }

  #closeMarket(): void {
    clearTimeout(this.#figures);
    this.#figures = undefined;
    this.#stream?.[Symbol.dispose]();
    this.#stream = undefined;
  }

  #set(change: Partial<DashboardState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#isTelling) return;
    this.#isTelling = true;
    requestAnimationFrame(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
