import { EXPERTS, TRADING_STATES } from '@sema/qar';
import type { Context } from '../context.ts';

/** Gauges that read the markets when somebody looks. */
export function watchMarkets({ metrics, markets, compute }: Context): void {
  const open = () => markets.all().filter(({ failed }) => !failed);
  metrics.gauge(
    'expert_weight',
    'Weight of an expert where the market is now.',
    (gauge) => {
      for (const { id: market, session } of open()) {
        const { weights } = session;
        EXPERTS.forEach(({ name: expert }, index) => {
          gauge.set({ market, expert }, weights[index]);
        });
      }
    },
    ['market', 'expert'],
  );
  metrics.gauge(
    'trading_state',
    `State of trading: its place in ${TRADING_STATES.join(', ')}, from 0.`,
    (gauge) => {
      for (const { id: market, risk } of open()) {
        gauge.set({ market }, TRADING_STATES.indexOf(risk.trading));
      }
    },
    ['market'],
  );
  metrics.gauge(
    'journal_lag_requests',
    'Requests with candles that wait for their turn and are not in the journal yet.',
    (gauge) => {
      for (const { id: market, waiting } of markets.all()) gauge.set({ market }, waiting);
    },
    ['market'],
  );
  metrics.gauge('failed_markets', 'Markets that could not keep what they were given.', (gauge) => {
    gauge.set(markets.all().filter(({ failed }) => failed).length);
  });
  metrics.gauge('compute_waiting', 'Tasks that wait for a thread.', (gauge) => {
    gauge.set(compute.waiting);
  });
}
