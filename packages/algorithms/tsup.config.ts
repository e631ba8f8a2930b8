import { library } from '@sema/tooling/tsup';

export default library({ entry: ['src/index.ts', 'src/choice.ts', 'src/portfolio.ts'] });
