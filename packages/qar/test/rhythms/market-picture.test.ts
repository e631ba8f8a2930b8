import { expect, test } from 'vitest';
import { RegimePattern } from '../../src/rhythms/market-picture.ts';

test('nothing seen is no regime, and no share of any', () => {
  expect(new RegimePattern().picture()).toEqual({
    regime: undefined,
    since: 0,
    switches: 0,
    shares: { stable: 0, trending: 0, volatile: 0, crisis: 0 },
    remembered: 0,
  });
});

test('regimes are counted in shares, in a row and by their changes; none counts as nothing', () => {
  const pattern = new RegimePattern();
  for (const regime of ['stable', 'stable', null, 'crisis', 'stable', 'stable', null] as const) {
    pattern.add({ regime });
  }
  expect(pattern.picture()).toEqual({
    regime: 'stable',
    since: 2,
    switches: 2,
    shares: { stable: 0.8, trending: 0, volatile: 0, crisis: 0.2 },
    remembered: 5,
  });
});

test('what lies more than 1024 decisions back is forgotten, but for how long it has lasted', () => {
  const pattern = new RegimePattern();
  for (let decision = 0; decision < 100; decision++) pattern.add({ regime: 'volatile' });
  for (let decision = 0; decision < 1024; decision++) pattern.add({ regime: 'trending' });
  expect(pattern.picture()).toMatchObject({
    since: 1024,
    switches: 1,
    shares: { volatile: 0, trending: 1 },
  });
  for (let decision = 0; decision < 256; decision++) pattern.add({ regime: 'trending' });
  expect(pattern.picture()).toMatchObject({ since: 1280, remembered: 1024 });
});
