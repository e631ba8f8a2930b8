import { readFileSync } from 'node:fs';

/** Of this program, as its manifest says. */
export function version(): string {
  // The package's manifest lies beside both src and the built dist.
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
