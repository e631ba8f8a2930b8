import { stderr, stdout } from 'node:process';
import { styleText } from 'node:util';

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Output {
  /** One line of the result; nothing when the result is JSON or the run is quiet. */
  say(line?: string): void;
  /** The one JSON document of `--json`. */
  json(document: unknown): void;
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function output(options: OutputOptions = {}): Output {
  const silent = options.json === true || options.quiet === true;
  return {
    say(line = '') {
      if (!silent) stdout.write(`${line}\n`);
    },
    json(document) {
      if (options.json === true) stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    },
  };
}

/** Bold on a terminal that wants colour; NO_COLOR and pipes get plain text. */
export function heading(text: string): string {
  return styleText('bold', text, { stream: stdout, validateStream: true });
}

/** One line on standard error. */
export function warn(line: string): void {
  stderr.write(`${line}\n`);
}
