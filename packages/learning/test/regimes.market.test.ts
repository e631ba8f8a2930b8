import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { regimeMemberships, RegimeTracker, type Regime } from '../src/index.ts';
import { annualisedVolatility, efficiencyRatio } from './market-features.ts';

interface Day {
  readonly date: string;
  readonly close: number;
  readonly volume: number;
}

interface Step {
  readonly date: string;
  readonly regime: Regime;
}

const WINDOW = 20;

/** S&P 500, daily, 2000-01-03 to 2020-04-17, from the npm package vega-datasets (BSD-3-Clause). */
function readDays(): Day[] {
  const file = new URL('../data/sp500-2000.csv', import.meta.resolve('vega-datasets'));
  const [header, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  expect(header).toBe('date,open,high,low,close,adjclose,volume');
  return rows.map((row) => {
    const fields = row.split(',');
    return { date: fields[0], close: Number(fields[4]), volume: Number(fields[6]) };
  });
}

function regimesOf(days: readonly Day[]): Step[] {
  const tracker = new RegimeTracker();
  return days.slice(WINDOW).map(({ date, volume }, i) => {
    const window = days.slice(i, i + WINDOW + 1);
    const closes = window.map((day) => day.close);
    const meanVolume = window.slice(1).reduce((total, day) => total + day.volume / WINDOW, 0);
    const memberships = regimeMemberships({
      volatility: annualisedVolatility(closes),
      trendClarity: efficiencyRatio(closes),
      normalizedVolume: volume / meanVolume,
    });
    return { date, regime: tracker.update(memberships) };
  });
}

describe('the S&P 500 from 2000 to 2020, seen through windows of 20 days', () => {
  const steps = regimesOf(readDays());
  const share = (regime: Regime) =>
    steps.filter((step) => step.regime === regime).length / steps.length;

  test('is in crisis in the autumn of 2008 and in the spring of 2020, and at no other time', () => {
    const months = new Set(
      steps.filter((step) => step.regime === 'crisis').map((step) => step.date.slice(0, 7)),
    );
    expect([...months]).toEqual(['2008-10', '2008-11', '2008-12', '2020-03', '2020-04']);
  });

  test('is never worse than trending in 2017, the calmest year', () => {
    const regimes = new Set(
      steps.filter((step) => step.date.startsWith('2017')).map((step) => step.regime),
    );
    expect([...regimes].sort()).toEqual(['stable', 'trending']);
  });

  test('is stable most of the time, and each regime is rarer than the milder one', () => {
    expect(steps.length).toBe(5085);
    expect(share('stable')).toBeGreaterThan(0.5);
    expect(share('trending')).toBeGreaterThan(share('volatile'));
    expect(share('volatile')).toBeGreaterThan(share('crisis'));
    expect(share('crisis')).toBeGreaterThan(0.005);
  });

  test('changes its regime less than once in two weeks of ten days', () => {
    let switches = 0;
    for (let i = 1; i < steps.length; i += 1) {
      if (steps[i].regime !== steps[i - 1].regime) switches += 1;
    }
    expect(switches).toBeLessThan(steps.length / 10);
  });
});
