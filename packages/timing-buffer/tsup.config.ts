import { library } from '@sema/tooling/tsup';

export default library({ entry: ['src/index.ts', 'src/node.ts', 'src/quantum-memory.ts'] });
