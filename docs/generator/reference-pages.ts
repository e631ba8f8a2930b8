import { format } from 'prettier';
import { denialsPage, errorsPage, exitCodesPage } from './code-pages.ts';
import { configurationPage } from './configuration-page.ts';
import { httpPage } from './http-page.ts';

/** The generated pages, by path from the root, as the formatter leaves them. */
export async function referencePages(): Promise<Map<string, string>> {
  const pages = {
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/denials.md': denialsPage(),
    'docs/reference/exit-codes.md': exitCodesPage(),
    'docs/reference/http.md': await httpPage(),
  };
  const formatted = new Map<string, string>();
  for (const [path, text] of Object.entries(pages)) {
    formatted.set(path, await format(text, { parser: 'markdown' }));
  }
  return formatted;
}
