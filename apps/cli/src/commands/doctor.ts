import { Command } from 'commander';
import { EXIT } from '../cli-error.ts';
import { dataDirectory, defaultKeyFile } from '../data-directory.ts';
import { checkInstallation } from '../doctor/checks.ts';
import { output } from '../output.ts';
import { alignFacts } from '../table.ts';

interface DoctorFlags {
  readonly key?: string;
}

const ABOUT = `
Exit codes: 0 all well · 1 a check failed · 2 wrong usage`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check this machine and installation, and say what to do')
    .option('--key <file>', 'the signing key to check (default: .sema/keys/signing.pem)')
    .addHelpText('after', ABOUT)
    .action(doctor);
}

function doctor(flags: DoctorFlags): void {
  const out = output();
  const findings = checkInstallation({
    dataDirectory: dataDirectory(),
    keyFile: flags.key ?? defaultKeyFile(),
  });
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
