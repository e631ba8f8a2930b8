/** Text that is already safe HTML. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

/** A template of HTML: everything put into it is escaped, except other Markup. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const filled = literals.map((literal, index) => {
    const part = parts[index];
    return part === undefined ? literal : literal + render(part);
  });
  return new Markup(filled.join(''));
}

/** JSON for a script element: no `<` survives, so no value can end the element. */
export function embeddedJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function render(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('\n');
  return escape(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
