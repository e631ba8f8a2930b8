// node healthy.js URL: ends with 0 when the answer is 2xx. The image has neither curl nor wget.
import { argv, exit } from 'node:process';

const MOST_MS = 2500;

try {
  const { ok } = await fetch(argv[2] ?? '', { signal: AbortSignal.timeout(MOST_MS) });
  exit(ok ? 0 : 1);
} catch {
  exit(1);
}
