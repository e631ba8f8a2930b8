import { library } from '@sema/tooling/tsup';

export default library({ entry: ['src/index.ts', 'src/quantum-memory.ts'] });
