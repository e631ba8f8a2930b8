import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const data =
  process.env.SEMA_DATA_DIR ?? path.resolve(import.meta.dirname, '../../../../../shared/data');

const QEC_FOLDER = path.join(data, 'qec');
export const QEC_ABSENT = !existsSync(QEC_FOLDER);

/** What a suite that needs the data adds to its name. */
export const QEC_NOTE = QEC_ABSENT ? ` (skipped: there is no ${QEC_FOLDER})` : '';

export function qecText(name: string): string {
  return readFileSync(path.join(QEC_FOLDER, name), 'utf8');
}

export function qecBytes(name: string): Uint8Array {
  return readFileSync(path.join(QEC_FOLDER, name));
}
