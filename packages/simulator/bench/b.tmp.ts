import { Compiler } from '@sema/simulator';
import { nodeThreads } from '@sema/simulator/threads';
import { BENCHMARK_CIRCUITS } from '/work/compile/packages/simulator/bench/circuits.ts';
const [, , names, ns, precs = 'f64', ths = '2', reps = '12'] = process.argv;
for (const th of ths.split(','))
  for (const prec of precs.split(','))
    for (const n of ns.split(','))
      for (const name of names === 'all' ? ['qft', 'brick', 'qaoa', 'hea'] : names.split(',')) {
        using compiler = new Compiler({ threads: +th, workers: nodeThreads });
        const circuit = BENCHMARK_CIRCUITS[name](+n);
        const c0 = performance.now();
        using program = compiler.compile(circuit, prec);
        const c1 = performance.now();
        using state = program.state();
        const times = [];
        for (let r = 0; r < +reps; r++) {
          state.reset();
          const s = performance.now();
          program.run(state);
          times.push(performance.now() - s);
        }
        const first = times[0];
        times.sort((a, b) => a - b);
        console.log(
          `${name} n=${n} ${prec} th=${th} compile ${(c1 - c0).toFixed(1)} first ${first.toFixed(1)} min ${times[0].toFixed(1)} median ${times[times.length >> 1].toFixed(1)}`,
        );
      }
