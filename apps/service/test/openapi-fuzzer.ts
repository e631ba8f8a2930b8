import type { RandomSource } from '@sema/simulator';

/** As much of JSON Schema as the service's document uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly example?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const DEEPEST = 6;
/** What has broken servers before. */
const HOSTILE: readonly unknown[] = [
  ...[null, true, -1, 0, -0, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 1e21],
  ...['', ' ', '\0', '../../etc/passwd', '%00', '%2e%2e%2f', "' OR 1=1 --", '{{7*7}}', '\ud800'],
  ...['__proto__', 'constructor', 'x'.repeat(10_000), '💥', '\u202e', '1e999', 'NaN', '-'],
  ...[[], {}, [[[[]]]], { __proto__: null }, { toString: 1 }, { length: -1 }],
];
const BODIES = ['', '{', '[]', 'null', '"x"', '{"a":1}{', '\ufeff{}', '{"__proto__":{"a":1}}'];

/** Requests that are almost what an OpenAPI document describes, endlessly. */
export class OpenApiFuzzer {
  readonly #document: OpenApiDocument;
  readonly #random: RandomSource;
  /** Values that exist, by the name of the parameter, so that requests get past its check. */
  readonly #known: Readonly<Record<string, readonly string[]>>;
  readonly #operations: readonly [path: string, method: string, operation: Operation][];

  constructor(
    document: OpenApiDocument,
    known: Readonly<Record<string, readonly string[]>>,
    random: RandomSource,
  ) {
    this.#document = document;
    this.#known = known;
    this.#random = random;
    this.#operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
    ) as [string, string, Operation][];
  }

  /** How many operations there are to ask. */
  get operations(): number {
    return this.#operations.length;
  }

  next(): FuzzedRequest {
    const [template, method, operation] = this.#pick(this.#operations);
    const parameters = operation.parameters ?? [];
    let path = template;
    const query: string[] = [];
    for (const { name, in: place, schema } of parameters) {
      const text = this.#parameter(name, schema);
      if (place === 'path') path = path.replace(`{${name}}`, encoded(text));
      if (place === 'query' && this.#chance(0.6)) query.push(`${name}=${encoded(text)}`);
    }
    if (this.#chance(0.05)) query.push(encoded(textOf(this.#pick(HOSTILE))));
    const body = operation.requestBody?.content['application/json'];
    return {
      method: this.#chance(0.02) ? this.#pick(['PUT', 'PATCH', 'OPTIONS']) : method.toUpperCase(),
      path: query.length === 0 ? path : `${path}?${query.join('&')}`,
      headers: this.#headers(),
      body: body === undefined ? undefined : this.#body(body.schema),
    };
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (this.#chance(0.03)) headers['content-type'] = 'text/plain';
    if (this.#chance(0.1)) headers['idempotency-key'] = `key-${String(this.#integer(50))}`;
    if (this.#chance(0.02)) headers['idempotency-key'] = 'x'.repeat(200);
    if (this.#chance(0.05)) headers['x-request-id'] = this.#pick(['a b', '../', 'ok-1']);
    return headers;
  }

  #body(schema: Schema): string {
    if (this.#chance(0.05)) return this.#pick(BODIES);
    return JSON.stringify(this.#value(schema, 0)) ?? '';
  }

  #parameter(name: string, schema: Schema): string {
    const known = this.#known[name];
    if (known !== undefined && this.#chance(0.8)) return this.#pick(known);
    return textOf(this.#value(schema, 0));
  }

  #value(schema: Schema, depth: number): unknown {
    if (this.#chance(0.06)) return this.#pick(HOSTILE);
    if (schema.$ref !== undefined) {
      const name = schema.$ref.split('/').at(-1) ?? '';
      return this.#value(this.#document.components.schemas[name] ?? {}, depth);
    }
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.#pick(schema.enum);
    if (schema.example !== undefined && this.#chance(0.5)) return schema.example;
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return this.#value(this.#pick(choices), depth);
    const type = Array.isArray(schema.type) ? this.#pick(schema.type) : schema.type;
    return this.#ofType(String(type), schema, depth);
  }

  #ofType(type: string, schema: Schema, depth: number): unknown {
    switch (type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array': {
        const most = depth > DEEPEST ? 0 : this.#pick([0, 1, 2, 5, 300]);
        const items = schema.items ?? {};
        return Array.from({ length: most }, () => this.#value(items, depth + 1));
      }
      case 'integer':
      case 'number':
        return this.#number(schema, type === 'integer');
      case 'boolean':
        return this.#chance(0.5);
      case 'string':
        return this.#pick(['a', 'btc-usdt-1m', 'BTC/USDT', '1m', 'x'.repeat(300), 'é💥']);
      default:
        return this.#pick(HOSTILE);
    }
  }

  #object({ properties = {}, required = [] }: Schema, depth: number): unknown {
    if (depth > DEEPEST) return {};
    const entries = Object.entries(properties).flatMap(([name, property]) => {
      const isThere = required.includes(name) ? !this.#chance(0.03) : this.#chance(0.5);
      return isThere ? [[name, this.#value(property, depth + 1)] as const] : [];
    });
    if (this.#chance(0.03)) entries.push(['unknown', this.#pick(HOSTILE)]);
    return Object.fromEntries(entries);
  }

  #number({ minimum = -1e6, maximum = 1e6 }: Schema, whole: boolean): number {
    const edge = this.#pick([minimum, maximum, minimum - 1, maximum + 1, 0, 1]);
    const inside = minimum + this.#random.next() * (maximum - minimum);
    const value = this.#chance(0.3) ? edge : inside;
    return whole && !this.#chance(0.05) ? Math.round(value) : value;
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #integer(below: number): number {
    return Math.floor(this.#random.next() * below);
  }

  #pick<Value>(values: readonly Value[]): Value {
    return values[this.#integer(values.length)];
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function encoded(text: string): string {
  // A lone surrogate cannot be encoded, and so cannot be asked for.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '?'));
}
