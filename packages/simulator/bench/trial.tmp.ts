import { lower } from '/work/compile/packages/simulator/src/compile/lower.ts';
import { planSteps, simplify } from '/work/compile/packages/simulator/src/compile/plan.ts';
import { numbersOf } from '/work/compile/packages/simulator/src/compile/precision.ts';
import { Memory } from '/work/compile/packages/simulator/src/compile/memory.ts';
import { Block } from '/work/compile/packages/simulator/src/compile/block.ts';
import { valueOf } from '/work/compile/packages/simulator/src/compile/linear.ts';
import { cos, sin } from '/work/compile/packages/simulator/src/elementary.ts';
import { run } from '/work/compile/packages/simulator/src/run.ts';
import { StateVector } from '/work/compile/packages/simulator/src/state-vector.ts';
import { BENCHMARK_CIRCUITS } from '/work/compile/packages/simulator/bench/circuits.ts';
const [, , name, ns, prec, reps = '1', check = '1'] = process.argv;
const n = +ns;
const circuit = BENCHMARK_CIRCUITS[name](n);
const numbers = numbersOf(prec, false);
const t0 = performance.now();
const steps = simplify(lower(circuit.operations));
const t1 = performance.now();
const plan = planSteps(steps, n, numbers);
const t2 = performance.now();
const bytes = plan.code.toBytes(false);
const t3 = performance.now();
const module = new WebAssembly.Module(bytes);
const mem = new Memory(2 ** 32, false);
const inst = new WebAssembly.Instance(module, mem.imports);
const t4 = performance.now();
const re = mem.take(numbers.bytes << n), pad = mem.take(4096+320), im = mem.take(numbers.bytes << n);
const block = mem.take(plan.blockBytes), work = mem.take(plan.workBytes);
const angles = { cosine: (s) => cos(valueOf(steps[s].angle, [])), sine: (s) => sin(valueOf(steps[s].angle, [])), halfCosine: (s) => cos(valueOf(steps[s].angle, [])/2), halfSine: (s) => sin(valueOf(steps[s].angle, [])/2) };
const b = new Block(mem.buffer, block.address, numbers);
for (const x of plan.bindings) x.write(b, angles);
const t5 = performance.now();
const A = numbers.bytes === 8 ? Float64Array : Float32Array;
const R = new A(mem.buffer, re.address, 1 << n), I = new A(mem.buffer, im.address, 1 << n);
console.log({ steps: steps.length, passes: plan.passes.length, bytes: bytes.length, block: plan.blockBytes, lower: t1 - t0, plan: t2 - t1, enc: t3 - t2, comp: t4 - t3, bind: t5 - t4 });
const times = [];
for (let r = 0; r < +reps; r++) {
  R.fill(0); I.fill(0); R[0] = 1;
  const s = performance.now(); const per = [];
  for (const p of plan.passes) { const q = performance.now(); inst.exports[p.name](0, p.tiles, re.address, im.address, block.address, work.address); per.push((performance.now() - q).toFixed(1)); }
  times.push(performance.now() - s);
  if (r === +reps - 1) console.log(per.join(' '));
}
console.log('run ms', times.map((t) => t.toFixed(1)).join(' '));
if (check === '1') { const st = new StateVector(n); run(circuit, st); let m = 0; for (let i = 0; i < 1 << n; i++) m = Math.max(m, Math.abs(st.real[i] - R[i]), Math.abs(st.imaginary[i] - I[i])); console.log('max diff', m); }
