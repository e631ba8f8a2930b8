import { engineConfiguration } from '@sema/qar';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../cli-error.ts';
import { configuredOverrides } from '../configuration-file.ts';
import { dataDirectory, defaultKeyFile } from '../data-directory.ts';
import { checkInstallation } from '../doctor/checks.ts';
import type { MarketConnection } from '../doctor/connection-check.ts';
import { output, type OutputOptions } from '../output.ts';
import { alignFacts } from '../table.ts';

interface DoctorFlags extends OutputOptions {
  readonly key?: string;
  readonly config?: string;
  readonly candles?: string;
  readonly exchange?: string;
}

const ABOUT = `
Exit codes: 0 all well · 1 a check failed · 2 wrong usage`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check this machine and installation, and say what to do')
    .option('--key <file>', 'the signing key to check (default: .sema/keys/signing.pem)')
    .option('--config <file>', 'settings in YAML or JSON, whose risk limits are checked')
    .option('--candles <file>', 'candles to check too')
    .option('--exchange <url>', 'the exchange to reach, as https://api.binance.com', parseAddress)
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing; the exit code says it')
    .addHelpText('after', ABOUT)
    .action(doctor);
}

async function doctor(flags: DoctorFlags): Promise<void> {
  const out = output(flags);
  const findings = await checkInstallation({
    dataDirectory: dataDirectory(),
    keyFile: flags.key ?? defaultKeyFile(),
    configuration: configurationOf(flags),
    ...(flags.candles !== undefined && { candles: flags.candles }),
    ...(flags.exchange !== undefined && { connection: connectionOf(flags.exchange, flags) }),
  });
  out.json({ findings });
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, passed, found, remedy } of findings) {
    const title = `${passed ? 'pass' : 'FAIL'}  ${name.padEnd(width)}`;
    const text = passed ? found : `${found}. To do: ${remedy}`;
    for (const line of alignFacts([[title, text]])) out.say(line);
  }
  const failed = findings.filter(({ passed }) => !passed).length;
  out.say();
  out.say(failed === 0 ? 'All well.' : `${String(failed)} of ${String(findings.length)} failed.`);
  if (failed > 0) process.exitCode = EXIT.checkFailed;
}

/** The settings as any command would have them; the market is the checks' own. */
function configurationOf({ config }: DoctorFlags) {
  const { pair = 'doctor', ...settings } = configuredOverrides(config);
  const { intervalMs = 86_400_000, periodsPerYear = 252, path = 'quantum' } = settings;
  return engineConfiguration({ pair, intervalMs, periodsPerYear, path }, settings);
}

/** Its market is the one that the settings name, if they name any. */
function connectionOf(url: string, { config }: DoctorFlags): MarketConnection {
  const { pair } = configuredOverrides(config);
  return { url, ...(pair !== undefined && { pair }) };
}

function parseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.origin;
  throw new InvalidArgumentError('It must be an address such as https://api.binance.com.');
}
