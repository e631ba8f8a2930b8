import { chmodSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './pages.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Where the programs of one page's reader live, and what they write about themselves. */
export interface Places {
  /** Holds the programs; comes first in the reader's PATH. */
  readonly bin: string;
  /** Where what serves leaves its output, `.log`, and its process id, `.pid`. */
  readonly background: string;
  /** What `buildCommandLine` has built. */
  readonly commandLine: string;
}

/**
 * Writes the programs that pages start: `sema`, and some that stand before the machine's own. What
 * serves until it is stopped is left in the background as soon as it answers.
 */
export function writePrograms(places: Places): void {
  const { bin } = places;
  writeProgram(join(bin, 'sema'), semaProgram(places));
  writeProgram(join(bin, 'nats-server'), natsProgram(places));
  writeProgram(join(bin, 'my-feed'), 'exec head -n 5 candles.jsonl');
  // A refusal of the service is a failure of the page.
  writeProgram(join(bin, 'curl'), `${REAL}\nexec curl --fail-with-body --silent --show-error "$@"`);
  // Scripts of the repository run in the repository.
  writeProgram(join(bin, 'npm'), `[ -e package.json ] || cd "${ROOT}"\n${REAL}\nexec npm "$@"`);
}

/** The programs of the machine, and not these. */
const REAL = 'PATH=${PATH#*:}';

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/usr/bin/env bash\nset -eu\n${script}\n`);
  chmodSync(path, 0o755);
}

function semaProgram(places: Places): string {
  // What it starts itself are the programs of the machine.
  return `${REAL}
if [[ " $* " != *' --help '* ]]; then
  case "$*" in
    serve*) port=$SEMA_PORT ;;
    exchange*) port=$SEMA_EXCHANGE_PORT ;;
    'cluster node'*) port= ;;
  esac
fi
# What needs the service finds it beside the command line in a checkout, and runs from its sources.
case "$*" in
  serve* | exchange* | cluster* | sweep*)
    program=(node --import ${TSX} "${join(ROOT, 'apps/cli/src/main.ts')}") ;;
  *) program=(node "${places.commandLine}") ;;
esac
if [[ "$*" == 'cluster feed --live'* ]]; then
${serveInBackground(places, '{ sleep 0.1; [[ -s "$log.log" ]]; }')}
exit
fi
if [[ -z \${port+given} ]]; then exec "\${program[@]}" "$@"; fi
${PORT_OF_ARGUMENTS}
if [[ " $* " != *' --port '* ]]; then set -- "$@" --port "$port"; fi
${serveInBackground(places, ANSWERS_HTTP)}`;
}

function natsProgram(places: Places): string {
  return `${REAL}
port=4222
program=(nats-server)
${PORT_OF_ARGUMENTS}
${serveInBackground(places, '(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null')}`;
}

const ANSWERS_HTTP = 'curl --silent --max-time 60 --output /dev/null "http://127.0.0.1:$port/"';

const PORT_OF_ARGUMENTS = `before=
for argument in "$@"; do
  if [[ $before == --port ]]; then port=$argument; fi
  before=$argument
done`;

function serveInBackground({ background }: Places, answers: string): string {
  return `log="${background}/$$"
"\${program[@]}" "$@" >"$log.log" 2>"$log.err" </dev/null &
echo $! >"$log.pid"
until ${answers}; do
  kill -0 $! 2>/dev/null || { cat "$log.err" >&2; exit 1; }
done
cat "$log.log"`;
}
