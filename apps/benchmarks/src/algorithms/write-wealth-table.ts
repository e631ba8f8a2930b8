import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withWealthTable } from './wealth-table.ts';

const README = resolve(import.meta.dirname, '../../../../packages/algorithms/README.md');

writeFileSync(README, withWealthTable(readFileSync(README, 'utf8')));
