import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT =
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data');

/** The OpenQASM programs of a folder of circuits, by name; empty when the data is absent. */
export function circuitPrograms(folder: string): Map<string, string> {
  const path = join(ROOT, 'circuits', folder);
  if (!existsSync(path)) return new Map();
  const files = readdirSync(path).filter((file) => file.endsWith('.qasm'));
  return new Map(
    files
      .sort()
      .map((file) => [file.replace(/\.qasm$/, ''), readFileSync(join(path, file), 'utf8')]),
  );
}

/** Added to the name of a test that is skipped for want of data. */
export const NO_DATA = `(SKIPPED: no circuits in ${ROOT})`;
