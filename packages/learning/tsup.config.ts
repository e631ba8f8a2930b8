import { library } from '@sema/tooling/tsup';

export default library({ entry: ['src/index.ts', 'src/regime-models.ts'] });
