import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { completionScript } from '../src/completion-script.ts';

function program(): Command {
  const sema = new Command('sema').addCommand(
    new Command('circuit')
      .description('run, draw')
      .addCommand(new Command('run').option('--shots <n>', 'it’s readings').option('--seed <n>')),
  );
  return sema.addCommand(new Command('verify').option('--public-key <text>'));
}

/** What bash offers for the last word. */
function completed(...words: readonly string[]): string[] {
  const script = completionScript(program(), 'bash');
  const ask = `COMP_WORDS=(sema ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${String(
    words.length,
  )}; _sema_complete; echo "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' });
  return stdout.trim().split(' ');
}

describe('completion in bash', () => {
  test('offers commands, their commands, and the options of the one that was chosen', () => {
    expect(completed('v')).toEqual(['verify']);
    expect(completed('circuit', 'r')).toEqual(['run']);
    expect(completed('circuit', 'run', '--s')).toEqual(['--shots', '--seed']);
    expect(completed('verify', '--')).toEqual(['--public-key', '--help']);
  });

  test('offers nothing of its own where a file belongs', () => {
    expect(completed('verify', 'journal')).toEqual(['']);
  });
});

describe('completion in other shells', () => {
  test('zsh takes the script of bash', () => {
    const script = completionScript(program(), 'zsh');
    expect(script).toMatch(/^#compdef sema\n/);
    expect(script).toContain('complete -o default -F _sema_complete sema');
  });

  test('fish gets a line for each command and option, its quotes escaped', () => {
    const script = completionScript(program(), 'fish');
    expect(script).toContain("complete -c sema -n __fish_use_subcommand -a verify -d ''");
    expect(script).toContain("-l shots -d 'it’s readings'");
  });
});
