import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { backtestCommand } from './commands/backtest.ts';
import { benchCommand } from './commands/bench.ts';
import { candlesCommand } from './commands/candles.ts';
import { circuitCommand } from './commands/circuit.ts';
import { clusterCommand } from './commands/cluster.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { decideCommand } from './commands/decide.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exchangeCommand } from './commands/exchange.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { keysCommand } from './commands/keys.ts';
import { optimiseCommand } from './commands/optimise.ts';
import { paperCommand } from './commands/paper.ts';
import { replayCommand } from './commands/replay.ts';
import { serveCommand } from './commands/serve.ts';
import { sweepCommand } from './commands/sweep.ts';
import { tokenCommand } from './commands/token.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT } from './cli-error.ts';
import { explain } from './explain-error.ts';
import { warn } from './output.ts';
import { version } from './version.ts';

const ABOUT = `
Start with:
  $ sema init                       # a settings file and a signing key
  $ sema demo                       # twenty years of the S&P 500, in under a minute
  $ sema backtest candles.csv       # your own candles
  $ sema evaluate candles.csv       # what the decisions are worth
  $ sema verify .sema/runs/candles/journal.jsonl

Environment:
  SEMA_HOME      folder for keys and runs (default: .sema in the current folder)
  SEMA_NATS_URL  a NATS server with JetStream: machines that name the same one share their work
  SEMA_DEBUG     when set, errors come with their stack
  SEMA__A__B     a setting of the configuration; see sema config --help
  NO_COLOR       when set, nothing is coloured

Exit codes:
  0 ok · 1 a check failed (demo, verify, replay, doctor, token) · 2 wrong usage · 3 bad input data ·
  4 internal error · 5 interrupted, what was done is kept`;

function program(): Command {
  const sema = new Command('sema')
    .description('A decision engine for traders: signed, replayable decisions from market candles')
    .version(version())
    .addHelpText('after', ABOUT);
  for (const command of [
    initCommand(),
    demoCommand(),
    backtestCommand(),
    evaluateCommand(),
    optimiseCommand(),
    sweepCommand(),
    decideCommand(),
    explainCommand(),
    paperCommand(),
    serveCommand(),
    clusterCommand(),
    replayCommand(),
    verifyCommand(),
    candlesCommand(),
    exchangeCommand(),
    circuitCommand(),
    keysCommand(),
    tokenCommand(),
    configCommand(),
    doctorCommand(),
    benchCommand(),
    completionCommand(() => sema),
  ]) {
    sema.addCommand(command);
  }
  refuseGently(sema);
  return sema;
}

/** Commander ends the process by itself unless every command is told not to. */
function refuseGently(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  command.commands.forEach(refuseGently);
}

/** The exit code for whatever a command threw, after saying what it was. */
function report(error: unknown): number {
  // Commander has said by itself what it did not understand.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const { line, exitCode } = explain(error);
  warn(line);
  const debug = process.env.SEMA_DEBUG;
  if (debug !== undefined && debug !== '' && error instanceof Error) warn(error.stack ?? '');
  return exitCode;
}

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.internal);
});

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
