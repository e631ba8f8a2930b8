import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mulberry32 } from '@sema/simulator';
import { extractErrors, parseStimCircuit, type ShotTable, StimSampler } from '@sema/simulator/stim';
import {
  cycleNoise,
  MatchingDecoder,
  memoryCircuit,
  rotatedSurfaceLayout,
  TRANSMON,
} from '@sema/timing-buffer/quantum-memory';
import { median, row, type Row, type SuiteOptions } from '../harness.ts';
import { pythonWithPeers } from '../simulator/python-peers.ts';

const SCRIPT = fileURLToPath(new URL('../../peers/pymatching_decode.py', import.meta.url));

/** Decoding of a surface code on the declared transmon, d cycles, and how often that fails. */
export function decoderRows(options: SuiteOptions): Row[] {
  const python = pythonWithPeers(options);
  return [5, 9, 13].flatMap((distance) => rowsAt(distance, options, python));
}

function rowsAt(
  distance: number,
  { clock, quick }: SuiteOptions,
  python: string | undefined,
): Row[] {
  const layout = rotatedSurfaceLayout(distance);
  const noise = cycleNoise(TRANSMON, layout, 1100);
  const text = memoryCircuit(layout, noise, { basis: 'Z', cycles: distance });
  const circuit = parseStimCircuit(text);
  const decoder = new MatchingDecoder(extractErrors(circuit));
  const shots = quick ? 200 : 4000;
  const { detectors, observables } = new StimSampler(circuit).sampleDetectors(
    shots,
    mulberry32(distance),
  );
  const fired = Array.from({ length: shots }, (_, shot) => detectors.ones(shot));
  const found = fired.map((each) => decoder.decode(each).observables);
  const rounds = quick ? 2 : 9;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = clock.nowNs();
    for (const each of fired) decoder.decode(each);
    times.push((clock.nowNs() - start) / 1000);
  }
  const peer = python === undefined ? undefined : pyMatching(python, text, detectors, rounds);
  const wrong = (guesses: readonly number[]): number =>
    guesses.filter((guess, shot) => guess !== observables.get(shot, 0)).length / shots;
  const theirs = peer === undefined ? 0 : wrong(peer.observables);
  const perCycle = (microseconds: number): number => microseconds / (shots * distance);
  return [
    row({
      name: `decoding a cycle, surface code d = ${String(distance)}`,
      value: perCycle(median(times)),
      unit: 'µs',
      ...(peer && {
        peer: { name: 'PyMatching', value: perCycle(1e6 * median(peer.seconds)) },
      }),
    }),
    row({
      name: `its failures in ${String(distance)} cycles`,
      value: wrong(found),
      unit: 'of shots',
      // Few shots may show no failure, and then there is nothing to compare with.
      ...(theirs > 0 && { peer: { name: 'PyMatching', value: theirs } }),
    }),
  ];
}

/** The same shots of the same circuit. */
function pyMatching(python: string, circuit: string, { bytes }: ShotTable, rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'sema-shots-'));
  try {
    const shots = join(folder, 'shots.b8');
    writeFileSync(shots, bytes);
    const input = JSON.stringify({ circuit, shots, rounds });
    const { status, stdout, stderr } = spawnSync(python, [SCRIPT], { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`PyMatching failed: ${stderr}`);
    // The script prints one JSON object.
    return JSON.parse(stdout) as {
      readonly seconds: readonly number[];
      readonly observables: readonly number[];
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
