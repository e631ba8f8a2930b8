import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What can follow each command: words by the path to them, such as `circuit run`. */
type Words = ReadonlyMap<string, readonly string[]>;

/** A script that completes commands and options of `program`; files where nothing else fits. */
export function completionScript(program: Command, shell: Shell): string {
  const words = wordsOf(program, '');
  const name = program.name();
  switch (shell) {
    case 'bash':
      return bash(name, words);
    case 'zsh':
      return `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bash(name, words)}`;
    case 'fish':
      return fish(name, program);
  }
}

function wordsOf(command: Command, path: string): Words {
  const words = new Map<string, readonly string[]>([
    [path, [...visible(command).map((sub) => sub.name()), ...flags(command)]],
  ]);
  for (const sub of visible(command)) {
    for (const [below, list] of wordsOf(sub, path === '' ? sub.name() : `${path} ${sub.name()}`)) {
      words.set(below, list);
    }
  }
  return words;
}

function visible(command: Command): readonly Command[] {
  return command.commands.filter((sub) => sub.name() !== 'help');
}

function flags(command: Command): string[] {
  const own = command.options.flatMap(({ long }) =>
    long === undefined || long === null ? [] : [long],
  );
  return [...own, '--help'];
}

function bash(name: string, words: Words): string {
  const cases = [...words].map(([path, list]) => `    '${path}') words='${list.join(' ')}' ;;`);
  return `_${name}_complete() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${[...words.keys()]
  .filter((path) => path !== '')
  .map((path) => `      '${path.includes(' ') ? path : ` ${path}`}') path='${path}' ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name}_complete ${name}
`;
}

function fish(name: string, program: Command): string {
  const lines = [`complete -c ${name} -n __fish_use_subcommand -f`];
  for (const sub of visible(program)) {
    const says = quoted(sub.description());
    lines.push(`complete -c ${name} -n __fish_use_subcommand -a ${sub.name()} -d ${says}`);
    const within = `'__fish_seen_subcommand_from ${sub.name()}'`;
    for (const inner of visible(sub)) {
      const about = quoted(inner.description());
      lines.push(`complete -c ${name} -n ${within} -a ${inner.name()} -d ${about}`);
    }
    for (const { long, description } of [sub, ...visible(sub)].flatMap(({ options }) => options)) {
      if (long === undefined || long === null) continue;
      lines.push(`complete -c ${name} -n ${within} -l ${long.slice(2)} -d ${quoted(description)}`);
    }
  }
  return `${[...new Set(lines)].join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}
