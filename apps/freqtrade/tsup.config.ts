import { library } from '@sema/tooling/tsup';

export default library();
