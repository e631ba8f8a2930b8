// Makes the files of this folder anew, from the repository's root:
//   node --import tsx --conditions=@sema/source packages/qar/test/golden/write-journal.ts
// Needed whenever a change is meant to change decisions, receipts or their bits, and never to make
// a test pass.
import { makeGolden, writeGolden } from './golden-files.ts';

const golden = makeGolden();
writeGolden(golden);
process.stdout.write(`${String(golden.lines.length)} lines, the last ${golden.lastHash}\n`);
