import { stderr } from 'node:process';
import { Presets, SingleBar } from 'cli-progress';

export interface Progress extends Disposable {
  show(done: number, total: number): void;
}

/** A bar on standard error while it is a terminal; otherwise nothing. */
export function progressBar(quiet: boolean, unit = 'candles'): Progress {
  if (quiet || !stderr.isTTY) return { show: () => undefined, [Symbol.dispose]: () => undefined };
  const bar = new SingleBar(
    {
      format: `{bar} {value}/{total} ${unit}, {eta_formatted} left`,
      stream: stderr,
      barsize: 32,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.rect,
  );
  let started = false;
  return {
    show(done, total) {
      if (started) bar.update(done);
      else bar.start(total, done);
      started = true;
    },
    [Symbol.dispose]() {
      bar.stop();
    },
  };
}
