import { expect, test } from 'vitest';
import { Circuit, Compiler } from '@sema/simulator';

test('the cache stays within its bound and memory does not grow over 10 000 programs', () => {
  using compiler = new Compiler({ cachedPlans: 4 });
  let before = 0;
  for (let i = 0; i < 10_000; i++) {
    const circuit = new Circuit(2 + (i % 3));
    for (let k = 0; k < 8; k++) if ((i >> k) & 1) circuit.h(k & 1).cx(0, 1);
    using program = compiler.compile(circuit, i % 2 === 0 ? 'f64' : 'f32');
    using state = program.state();
    program.run(state);
    if (i === 1000) before = compiler.memoryBytes;
  }
  expect(compiler.cachedPlans).toBeLessThanOrEqual(4);
  expect(compiler.memoryBytes).toBe(before);
});
