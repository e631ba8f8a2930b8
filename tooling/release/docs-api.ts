import { rmSync } from 'node:fs';
import { Application, type ProjectReflection, type TypeDocOptions } from 'typedoc';
import { workspacesIn } from '../tidy/repository.ts';
import { script } from './command.ts';

// npm run docs:api: writes the reference of all packages to docs-api/, from their docstrings. Fails
// when a docstring links to nothing, or a signature names what nobody can import.

const OUT = 'docs-api';

const SHARED: TypeDocOptions = {
  tsconfig: 'tsconfig.json',
  excludePrivate: true,
  excludeInternal: true,
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, rewrittenLink: true, notDocumented: false, unusedMergeModuleWith: true },
};
