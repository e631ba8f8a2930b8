import { expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { DOMAINS, worstError } from './elementary-domains.ts';

test.each(DOMAINS)('$title stays within 0.95 units in the last place', (domain) => {
  const { ulps, at } = worstError(domain, mulberry32(53), 1000);
  expect(ulps, `at ${at.join(', ')}`).toBeLessThan(0.95);
});
