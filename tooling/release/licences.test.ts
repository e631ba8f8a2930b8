import { expect, test } from 'vitest';
import { refusedLicences, type Licensed } from './licences.ts';

const under = (license: string): Licensed => ({ name: 'lodge', versions: ['1.2.3'], license });

test.each(['MIT', 'ISC', 'Apache-2.0', '0BSD', 'BSD-3-Clause'])('%s is allowed', (license) => {
  expect(refusedLicences({ [license]: [under(license)] })).toEqual([]);
});

test.each(['GPL-3.0-only', 'Unknown', 'UNLICENSED', 'MIT OR GPL-3.0-only', 'mit', ''])(
  'what stands under "%s" is refused by name',
  (license) => {
    expect(refusedLicences({ MIT: [under('MIT')], [license]: [under(license)] })).toEqual([
      `lodge@1.2.3 is under ${license}`,
    ]);
  },
);
