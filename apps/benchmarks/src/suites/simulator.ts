import type { Row, Suite } from '../harness.ts';
import { nativeRows } from '../simulator/native-rows.ts';
import { ownRows } from '../simulator/own-rows.ts';
import { pythonWithPeers, PythonPeers } from '../simulator/python-peers.ts';
import { relaxedRows } from '../simulator/relaxed-rows.ts';

/** The compiled simulator beside native ones from PyPI and beside those of npm. */
export const simulator: Suite = {
  name: 'simulator',
  title: 'compiled circuits, beside native simulators and those of npm',
  async run(suiteOptions): Promise<Row[]> {
    const { clock, quick, say, skipped } = suiteOptions;
    // Loaded only here: one of them warns about itself as soon as it is.
    const { npmRows } = await import('../simulator/npm-rows.ts');
    const python = pythonWithPeers(suiteOptions);
    using peers = python === undefined ? undefined : new PythonPeers(python, 2);
    const sizes = quick ? [20] : [20, 22, 24];
    const rounds = quick ? 3 : 5;
    const options = { sizes, rounds, clock, peers, say, skipped };
    return [
      ...(await nativeRows('f64', options)),
      ...(await nativeRows('f32', options)),
      ...ownRows(suiteOptions),
      ...relaxedRows(suiteOptions),
      ...npmRows(suiteOptions),
    ];
  },
};
