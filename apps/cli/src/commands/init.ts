import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { defaultKeyFile } from '../data-directory.ts';
import { openKeyFile } from '../key-file.ts';
import { output } from '../output.ts';
import { createFile } from '../private-file.ts';
import { settingsTemplate } from '../settings-template.ts';
import { alignFacts } from '../table.ts';

interface InitFlags {
  readonly key?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
It writes sema.yaml, with every setting explained, and makes a signing key unless there is one. What
is there already is never overwritten.

Example:
  $ sema init && sema backtest candles.csv --config sema.yaml

Exit codes: 0 done · 2 wrong usage · 3 the file is there already, or cannot be written`;

export function initCommand(): Command {
  return new Command('init')
    .description('begin: a commented settings file and a signing key')
    .argument('[folder]', 'where sema.yaml goes', '.')
    .option('--key <file>', 'the signing key (default: .sema/keys/signing.pem)')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(init);
}

function init(folder: string, flags: InitFlags): void {
  const out = output(flags);
  const settings = resolve(join(folder, 'sema.yaml'));
  const key = flags.key ?? defaultKeyFile();
  createFile(settings, settingsTemplate());
  const keyMade = !existsSync(key);
  using signing = openKeyFile(key);
  const publicKey = signing.verifyingKey.toText();
  const facts: [string, string][] = [
    ['settings', settings],
    ['key', `${key}${keyMade ? '' : ' (was there)'}`],
    ['public key', publicKey],
    ['next', 'sema backtest candles.csv --config sema.yaml, or sema demo'],
  ];
  for (const line of alignFacts(facts)) out.say(line);
  out.json({ settings, key, keyMade, publicKey });
}
