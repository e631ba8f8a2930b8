import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion-script.ts';
import { output } from '../output.ts';

const ABOUT = `
Examples:
  $ source <(sema completion bash)                          # in ~/.bashrc
  $ source <(sema completion zsh)                           # in ~/.zshrc
  $ sema completion fish > ~/.config/fish/completions/sema.fish`;

/** @param program - the whole command line, once it is complete. */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', ABOUT)
    .action((shell: Shell) => {
      output().say(completionScript(program(), shell).trimEnd());
    });
}
