import { library } from '@sema/tooling/tsup';

export default library({
  entry: ['src/index.ts', 'src/workers.ts', 'src/worker-main.ts', 'src/pipeline.ts'],
});
