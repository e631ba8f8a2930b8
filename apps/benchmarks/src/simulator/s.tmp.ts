import { Compiler, Circuit, run, StateVector } from '@sema/simulator';
function hea4(n, layers) {
  const c = new Circuit(n);
  let k = 0;
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < n; q++) c.ry(c.parameter('a' + k++), q).rz(c.parameter('a' + k++), q);
    for (let q = 0; q + 1 < n; q++) c.cx(q, q + 1);
  }
  return c;
}
function qaoaLike(n, layers) {
  const c = new Circuit(n);
  let k = 0;
  for (let q = 0; q < n; q++) c.h(q);
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < n; q++) c.rzz(c.parameter('a' + k++), q, (q + 1) % n);
    for (let q = 0; q < n; q++) c.rx(c.parameter('a' + k++), q);
  }
  return c;
}
function ryc(n, layers) {
  const c = new Circuit(n);
  let k = 0;
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < n; q++) c.ry(c.parameter('a' + k++), q);
    for (let q = 0; q + 1 < n; q++) c.cx(q, q + 1);
  }
  return c;
}
function decide() {
  const c = new Circuit(3);
  c.multiplexedRy([c.parameter('t0')], [], 0)
    .multiplexedRy([c.parameter('t1'), c.parameter('t2')], [0], 1)
    .multiplexedRy(
      [c.parameter('t3'), c.parameter('t4'), c.parameter('t5'), c.parameter('t6')],
      [0, 1],
      2,
    );
  return c;
}
for (const [name, c] of [
  ['hea4x6', hea4(4, 6)],
  ['ry4x10', ryc(4, 10)],
  ['qaoa4x8', qaoaLike(4, 8)],
  ['decision hea3x2', hea4(3, 2)],
  ['ry3x3', ryc(3, 3)],
  ['lmsr3', decide()],
] as const)
  for (const prec of ['f64', 'f32'] as const) {
    using compiler = new Compiler();
    using p = compiler.compile(c, prec);
    using s = p.state();
    const params = Float64Array.from(c.parameters, (_, i) => (i * 0.37) % 3);
    let best = Infinity;
    const ts = [];
    for (let r = 0; r < 60; r++) {
      const N = 20000;
      const t = performance.now();
      for (let i = 0; i < N; i++) {
        params[0] = i * 1e-6;
        p.run(s, params);
      }
      const d = ((performance.now() - t) / N) * 1e6;
      ts.push(d);
    }
    ts.sort((a, b) => a - b);
    console.log(
      name,
      prec,
      'ops',
      c.operations.length,
      'params',
      params.length,
      'min',
      ts[0].toFixed(0),
      'median ns',
      ts[30].toFixed(0),
    );
  }
