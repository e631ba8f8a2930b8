/** A command of a `console` block, and what the page says that it prints. */
export interface Command {
  readonly script: string;
  readonly expected: readonly string[];
}

/**
 * The commands of a `console` block, each after `$ ` with its further lines after `> `.
 *
 * @throws {Error} for a block that begins with output
 */
export function commandsOf(code: string): Command[] {
  const commands: { script: string; expected: string[] }[] = [];
  for (const line of code.split('\n')) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ script: line.slice(2), expected: [] });
    else if (last === undefined) throw new Error(`'${line}' comes before any command`);
    else if (line.startsWith('> ') && last.expected.length === 0) {
      last.script += `\n${line.slice(2)}`;
    } else last.expected.push(line);
  }
  return commands;
}

/**
 * Where what a command printed leaves what a page shows, in words; nothing where it does not. `…`
 * stands for anything within a line, and alone on a line for any lines.
 */
export function outputDifference(output: string, expected: readonly string[]): string | undefined {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  const shown = expected.join('\n').trimEnd().split('\n');
  let at = 0;
  let mayPass = false;
  for (const line of shown) {
    if (line.trim() === '…') {
      mayPass = true;
      continue;
    }
    const pattern = patternOf(line);
    const found = lines.findIndex((text, index) => index >= at && pattern.test(text));
    if (found === -1 || (!mayPass && found !== at)) return `expected '${line}' in\n${output}`;
    at = found + 1;
    mayPass = false;
  }
  return mayPass || at === lines.length ? undefined : `nothing is shown of '${String(lines[at])}'`;
}

function patternOf(line: string): RegExp {
  const parts = line.trimEnd().split('…');
  return new RegExp(`^${parts.map(escaped).join('.*')}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
