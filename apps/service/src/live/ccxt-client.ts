import { ServiceError } from '../service-error.ts';

/** How an exchange is reached: set by who starts the service, never by a request. */
export interface ExchangeSettings {
  /** Name of the exchange in ccxt, such as `binance`. */
  readonly ccxt: string;
  /** What ccxt's constructor is given: urls, options, keys. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const NAME = /^[a-z0-9]{2,32}$/;

/**
 * A client of ccxt, which is loaded when the first one is asked for.
 *
 * @typeParam Client - as much of ccxt's `Exchange` as the caller uses.
 * @throws {ServiceError} `EXCHANGE_UNKNOWN`, `EXCHANGE_NOT_USABLE`
 */
export async function ccxtClient<Client>({ ccxt: name, options }: ExchangeSettings) {
  let exchanges: Readonly<Record<string, unknown>>;
  try {
    // Sixty megabytes that only live markets need.
    ({ default: exchanges } = (await import('ccxt')) as {
      default: Readonly<Record<string, unknown>>;
    });
  } catch (error) {
    throw new ServiceError('EXCHANGE_NOT_USABLE', 'the optional package ccxt is not installed', {
      cause: error,
    });
  }
  const known: unknown = exchanges.exchanges;
  const Exchange = exchanges[name];
  const isKnown = NAME.test(name) && Array.isArray(known) && known.includes(name);
  if (!isKnown || typeof Exchange !== 'function') {
    throw new ServiceError('EXCHANGE_UNKNOWN', `ccxt knows no exchange '${name.slice(0, 32)}'`);
  }
  // Every exchange of ccxt's own list is a class of this kind.
  const Client = Exchange as new (options: object) => Client;
  return new Client({ enableRateLimit: true, ...options });
}
