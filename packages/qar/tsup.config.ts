import { library } from '@sema/tooling/tsup';

export default library({
  entry: ['src/index.ts', 'src/evaluation.ts', 'src/ports.ts', 'src/session-files.ts'],
});
