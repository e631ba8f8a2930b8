import process from 'node:process';
import { backUp } from './back-up.ts';
import { StartError } from './start-error.ts';

const [data, target, more] = process.argv.slice(2);
if (data === undefined || target === undefined || more !== undefined) {
  process.stderr.write('back-up DATA TARGET: copies the data directory of a running service\n');
  process.exitCode = 2;
} else {
  try {
    backUp(data, target);
    process.stdout.write(`${target}\n`);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`error ${error.code}: ${error.message}. Next: ${error.next}.\n`);
    process.exitCode = 3;
  }
}
