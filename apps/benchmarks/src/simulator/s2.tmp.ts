import { Circuit } from '@sema/simulator';
import { lower } from '../src/compile/lower.ts';
import { simplify } from '../src/compile/plan.ts';
import { numbersOf } from '../src/compile/precision.ts';
import { Memory } from '../src/compile/memory.ts';
import { planSmall } from '../src/compile/small.ts';
import { writeFileSync } from 'node:fs';
function hea4(n, layers) {
  const c = new Circuit(n);
  let k = 0;
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < n; q++) c.ry(c.parameter('a' + k++), q).rz(c.parameter('a' + k++), q);
    for (let q = 0; q + 1 < n; q++) c.cx(q, q + 1);
  }
  return c;
}
const c = hea4(4, 6);
const steps = simplify(lower(c.operations));
const hist = {};
for (const s of steps) hist[s.kind] = (hist[s.kind] ?? 0) + 1;
console.log(hist);
const plan = planSmall(steps, 4, numbersOf('f64', false), c.parameters.length);
const bytes = plan.code.toBytes(false);
writeFileSync('/tmp/small.wasm', bytes);
const mem = new Memory(1e9, false);
const inst = new WebAssembly.Instance(new WebAssembly.Module(bytes), mem.imports);
const st = mem.take(10000).address,
  bl = mem.take(plan.blockBytes).address;
const { bind, p0 } = inst.exports as any;
const v = new Float64Array(mem.buffer, bl, 48);
v.fill(0.7);
for (const [name, f] of [
  ['bind', () => bind(bl)],
  ['body', () => p0(0, 1, st, st + 4000, bl, 0)],
] as const) {
  let best = 1e9;
  for (let r = 0; r < 40; r++) {
    const t = performance.now();
    for (let i = 0; i < 20000; i++) f();
    best = Math.min(best, ((performance.now() - t) / 20000) * 1e6);
  }
  console.log('MARK', name, best.toFixed(0));
}
