// Records two streams of this machine and writes them to recorded-streams.json:
//   node packages/timing-buffer/test/vectors/record-streams.mjs
// arrivalsNs: when messages arrived that a worker thread sent about every 2 ms, in bursts.
// durationsNs: how long sorting 64 to 4 096 numbers took, the size drifting slowly.
import { writeFileSync } from 'node:fs';
import { hrtime } from 'node:process';
import { Worker } from 'node:worker_threads';

const COUNT = 1500;
const SENDER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const word = new Int32Array(new SharedArrayBuffer(4));
  let mean = 2;
  for (let i = 0; i < workerData; i += 1) {
    mean = Math.min(8, Math.max(0.5, mean * Math.exp(0.3 * (Math.random() - 0.5))));
    Atomics.wait(word, 0, 0, -mean * Math.log(1 - Math.random()));
    parentPort.postMessage(i);
  }`;

const start = hrtime.bigint();
const now = () => Number(hrtime.bigint() - start);
const arrivalsNs = await new Promise((resolve) => {
  /** @type {number[]} */
  const arrivals = [];
  const worker = new Worker(SENDER, { eval: true, workerData: COUNT });
  worker.on('message', () => arrivals.push(now()));
  worker.on('exit', () => resolve(arrivals));
});

const durationsNs = [];
let size = 512;
for (let i = 0; i < COUNT; i += 1) {
  size = Math.min(4096, Math.max(64, size * Math.exp(0.2 * (Math.random() - 0.5))));
  const numbers = Float64Array.from({ length: size }, Math.random);
  const before = now();
  numbers.sort();
  durationsNs.push(now() - before);
}
const target = new URL('recorded-streams.json', import.meta.url);
writeFileSync(target, `${JSON.stringify({ arrivalsNs, durationsNs })}\n`);
