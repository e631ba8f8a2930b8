import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from './reference-pages.ts';
import { ROOT } from './source-codes.ts';

for (const [path, text] of await referencePages()) writeFileSync(join(ROOT, path), text);
