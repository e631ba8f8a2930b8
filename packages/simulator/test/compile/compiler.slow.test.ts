import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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

test('programs and states that nobody disposes of are given back once they are garbage', () => {
  const script = `
    import { Circuit, compile, Compiler } from '@sema/simulator';
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const use = (program, isBatch) => {
      const parameters = program.circuit.parameters.map(() => 1);
      const states = [0, 1, 2, 3].map(() => program.state());
      program.run(states[0], parameters);
      const sets = states.map(() => parameters);
      if (isBatch) program.runBatch(states, sets);
    };
    const compiler = new Compiler({ cachedPlans: 4 });
    const after = [];
    for (let i = 0; i < 10_000; i++) {
      const circuit = new Circuit(2 + (i % 3));
      for (let k = 0; k < 8; k++) {
        if ((i >> k) & 1) circuit.ry(circuit.parameter('a'), k & 1).cx(0, 1);
      }
      use(compiler.compile(circuit, i % 2 === 0 ? 'f64' : 'f32'), i % 25 === 0);
      // Programs with a compiler of their own take its memory with them.
      if (i % 100 === 0) use(compile(circuit), true);
      if (i % 250 === 249) {
        // What is found to be garbage is given back in a turn of its own.
        globalThis.gc();
        await turn();
        await turn();
        after.push(compiler.memoryBytes);
      }
    }
    console.log(JSON.stringify(after));`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const flags = ['--expose-gc', '--conditions=@sema/source', '--import', 'tsx'];
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    cwd,
    timeout: 100_000,
    encoding: 'utf8',
  });
  const bytes = JSON.parse(output) as number[];
  expect(bytes).toHaveLength(40);
  // A round leaves some 250 programs, 1000 states and 10 MB; kept, ten rounds would need 100 MB.
  expect(Math.max(...bytes)).toBeLessThan(30_000_000);
});

test('threads and their memory go once the programs that nobody disposed of are garbage', () => {
  const script = `
    import { Circuit, compile, Compiler } from '@sema/simulator';
    import { nodeThreads } from '@sema/simulator/threads';
    const turn = () => new Promise((resolve) => setTimeout(resolve, 1));
    let [started, stopped, freed] = [0, 0, 0];
    const memories = new FinalizationRegistry(() => freed++);
    const workers = {
      ...nodeThreads,
      start(program, memory, ...settings) {
        started++;
        memories.register(memory);
        const worker = nodeThreads.start(program, memory, ...settings);
        return { stop() { stopped++; worker.stop(); } };
      },
    };
    const circuit = new Circuit(12).h(11).cx(11, 0);
    const use = (isShared) => {
      const options = { threads: 3, workers };
      const program = isShared
        ? new Compiler(options).compile(circuit, 'f64')
        : compile(circuit, options);
      program.run(program.state());
    };
    for (let i = 0; i < 40; i++) {
      use(i % 2 === 0);
      if (i % 10 !== 9) continue;
      // A program, its compiler, its threads and their memory become garbage one after another, and
      // what is found to be garbage is given back in a turn of its own.
      for (let k = 0; k < 5; k++) {
        globalThis.gc();
        await turn();
        await turn();
      }
    }
    console.log(JSON.stringify({ started, stopped, freed }));`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const flags = ['--expose-gc', '--conditions=@sema/source', '--import', 'tsx'];
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    cwd,
    timeout: 100_000,
    encoding: 'utf8',
  });
  const { started, stopped, freed } = JSON.parse(output) as Record<string, number>;
  expect(started).toBe(80);
  // Something of the last program may still be on the stack, and of the last round on its way.
  expect(stopped).toBeGreaterThanOrEqual(78);
  expect(freed).toBeGreaterThanOrEqual(60);
});
