import { library } from '@sema/tooling/tsup';

export default library({
  entry: [
    'src/index.ts',
    'src/drawing.ts',
    'src/elementary.ts',
    'src/entanglement.ts',
    'src/gradients.ts',
    'src/noise.ts',
    'src/openqasm.ts',
    'src/optimiser.ts',
    'src/stabilizer.ts',
    'src/stim.ts',
    'src/threads.ts',
    'src/web-workers.ts',
  ],
});
