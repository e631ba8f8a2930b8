import { configurationSchema } from '@sema/qar';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { configuredOverrides } from '../configuration-file.ts';
import { output } from '../output.ts';

const ABOUT = `
A configuration file is YAML or JSON and holds any of the settings; what it leaves out has its
default. A variable such as SEMA__RISK__MINIMUM_CONFIDENCE=0.9 overrides the file, and an option of
the command overrides both.

Examples:
  $ sema config schema > sema.schema.json
  $ sema config check sema.yaml
  $ sema backtest candles.csv --config sema.yaml`;

export function configCommand(): Command {
  const schema = new Command('schema')
    .description('print the JSON Schema of configuration files')
    .action(() => {
      output({ json: true }).json(configurationSchema());
    });
  const check = new Command('check')
    .description('check a file and the environment, and print the settings they make')
    .argument('[file]', 'configuration in YAML or JSON')
    .action((file: string | undefined) => {
      output().say(stringify(configuredOverrides(file)).trimEnd());
    });
  return new Command('config')
    .description('the settings of the engine, their schema, and files that hold them')
    .addHelpText('after', ABOUT)
    .addCommand(schema)
    .addCommand(check);
}
