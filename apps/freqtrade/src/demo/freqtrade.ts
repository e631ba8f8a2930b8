import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FreqtradeTrade } from '../agreement/agreement.ts';
import { Child } from './child.ts';

const STRATEGIES = fileURLToPath(new URL('../../user_data/strategies', import.meta.url));
const STRATEGY = 'SemaQuantumEnhanced';
export const TRADABLE_RATIO = 0.99;

export interface FreqtradeSettings {
  readonly pair: string;
  /** `http://127.0.0.1:PORT` of the exchange. */
  readonly exchangeUrl: string;
  readonly sema: {
    readonly url: string;
    readonly token: string;
    readonly model: string;
    readonly position_fraction: number;
    /** Seconds; the strategy has its own. */
    readonly timeout?: number;
  };
  readonly wallet: number;
}

/** A trade as freqtrade keeps it. */
export interface KeptTrade {
  readonly id: number;
  readonly pair: string;
  readonly is_open: number;
  readonly open_date: string;
  readonly close_date: string | null;
  readonly open_rate: number;
  readonly close_rate: number | null;
  readonly stake_amount: number;
  readonly close_profit: number | null;
  readonly enter_tag: string | null;
  readonly exit_reason: string | null;
}

const TRADES = `
import json, sqlite3, sys
database = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
database.row_factory = sqlite3.Row
columns = 'id pair is_open open_date close_date open_rate close_rate stake_amount close_profit'
columns = (columns + ' enter_tag exit_reason').replace(' ', ', ')
rows = database.execute('select ' + columns + ' from trades order by id')
print(json.dumps([dict(row) for row in rows]))
`;

/** What a backtest of freqtrade printed, and what its result file holds. */
export interface FreqtradeBacktest {
  readonly printed: string;
  readonly trades: readonly FreqtradeTrade[];
  /** Open times of its first and its last candle, ms; the first only gives a signal. */
  readonly backtest_start_ts: number;
  readonly backtest_end_ts: number;
}

const RESULT = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
name = min((name for name in archive.namelist() if name.endswith('.json')), key=len)
result = json.loads(archive.read(name))['strategy']['${STRATEGY}']
names = ('trades', 'backtest_start_ts', 'backtest_end_ts')
print(json.dumps({name: result[name] for name in names}))
`;

/** freqtrade's own commands over one folder: its configuration, data, results and trades. */
export class Freqtrade {
  readonly folder: string;
  readonly #python: string;
  readonly #started: (child: Child) => void;
  #settings: FreqtradeSettings;

  /** @param started - takes each process at once when it is started. */
  constructor(
    python: string,
    folder: string,
    settings: FreqtradeSettings,
    started: (child: Child) => void,
  ) {
    this.#python = python;
    this.#started = started;
    this.#settings = settings;
    this.folder = folder;
    mkdirSync(join(folder, 'data'), { recursive: true });
    this.configure(settings);
  }

  get settings(): FreqtradeSettings {
    return this.#settings;
  }

  configure(settings: FreqtradeSettings): void {
    this.#settings = settings;
    const text = JSON.stringify(configuration(settings), null, 2);
    writeFileSync(join(this.folder, 'config.json'), text);
  }

  get logFile(): string {
    return join(this.folder, 'freqtrade.log');
  }

  /** Starts a command, such as `backtesting`, with the configuration and the strategy. */
  start(command: string, args: readonly string[] = []): Child {
    const strategy = command === 'download-data' ? [] : this.#strategy();
    const places = ['--config', join(this.folder, 'config.json'), '--userdir', this.folder];
    const all = ['-m', 'freqtrade', command, ...places, ...strategy, ...args];
    const child = new Child(this.#python, all, { logFile: this.logFile, env: environment() });
    this.#started(child);
    return child;
  }

  /** Runs a command to its end; gives what it prints. */
  async run(command: string, args: readonly string[] = []): Promise<string> {
    return this.start(command, args).done();
  }

  /** Runs a backtest on the candles that were downloaded, and reads its result. */
  async backtest(args: readonly string[] = []): Promise<FreqtradeBacktest> {
    const folder = mkdtempSync(join(this.folder, 'backtest-'));
    const places = ['--export', 'trades', '--backtest-directory', folder, '--cache', 'none'];
    const printed = await this.run('backtesting', [...places, ...args]);
    const archive = readdirSync(folder).find((file) => file.endsWith('.zip')) ?? '';
    const read = spawnSync(this.#python, ['-c', RESULT, join(folder, archive)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (read.status !== 0) throw new Error(`the result of the backtest: ${read.stderr}`);
    // freqtrade's own result, of which these are fields.
    return { ...(JSON.parse(read.stdout) as FreqtradeBacktest), printed };
  }

  /** The candles that were downloaded. */
  candleFile(): string {
    const { pair } = this.#settings;
    return join(this.folder, 'data', 'binance', `${pair.replace('/', '_')}-1m.feather`);
  }

  /** What its commands have logged so far. */
  async log(): Promise<string> {
    return readFile(this.logFile, 'utf8');
  }

  /** Starts a dry run, whose trades `trades` reads. */
  dryRun(): Child {
    return this.start('trade', ['--dry-run', '--db-url', `sqlite:///${this.#database()}`]);
  }

  /** Trades of the dry run so far, the oldest first. */
  trades(): KeptTrade[] {
    const read = spawnSync(this.#python, ['-c', TRADES, this.#database()], { encoding: 'utf8' });
    // It prints the columns that KeptTrade names; before the first look there is no table.
    return read.status === 0 ? (JSON.parse(read.stdout) as KeptTrade[]) : [];
  }

  #database(): string {
    return join(this.folder, 'trades.sqlite');
  }

  #strategy(): string[] {
    return ['--strategy', STRATEGY, '--strategy-path', STRATEGIES];
  }
}

/** What freqtrade reads in its environment would be taken for configuration. */
function environment(): NodeJS.ProcessEnv {
  const foreign = ([name]: [string, unknown]): boolean => !/^(FREQTRADE__|SEMA_TOKEN$)/.test(name);
  const kept = Object.fromEntries(Object.entries(process.env).filter(foreign));
  return { ...kept, NO_COLOR: '1', COLUMNS: '160' };
}

function configuration({ pair, exchangeUrl, sema, wallet }: FreqtradeSettings): object {
  const pricing = { price_side: 'other', use_order_book: true, order_book_top: 1 };
  const api = `${exchangeUrl}/api/v3`;
  return {
    bot_name: 'sema',
    initial_state: 'running',
    dry_run: true,
    dry_run_wallet: wallet,
    cancel_open_orders_on_exit: false,
    stake_currency: pair.split('/')[1],
    stake_amount: 'unlimited',
    tradable_balance_ratio: TRADABLE_RATIO,
    max_open_trades: 1,
    timeframe: '1m',
    fee: 0.001,
    unfilledtimeout: { entry: 5, exit: 5, unit: 'minutes' },
    entry_pricing: pricing,
    exit_pricing: pricing,
    pairlists: [{ method: 'StaticPairList' }],
    internals: { process_throttle_secs: 2 },
    dataformat_ohlcv: 'feather',
    exchange: {
      name: 'binance',
      enable_ws: false,
      pair_whitelist: [pair],
      pair_blacklist: [],
      ccxt_config: {
        enableRateLimit: false,
        urls: { api: { public: api, private: api, v1: `${exchangeUrl}/api/v1` } },
        options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
      },
    },
    sema,
  };
}
