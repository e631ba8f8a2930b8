import { problemOf, ServiceProblem } from './service-problem.ts';

/** Longer than any answer takes that somebody waits for. */
const PATIENCE_MS = 20_000;

/** Asks the service, with the token in a header and never in an address. */
export class ServiceClient {
  readonly #base: string;
  readonly #token: string;

  /**
   * @param base - where the service is, ending in a slash.
   * @param token - empty where the service asks for none.
   */
  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  /**
   * @param path - without a slash at its start.
   * @throws {ServiceProblem}
   */
  async get(path: string): Promise<unknown> {
    return jsonOf(await this.#ask(path, { method: 'GET' }), path);
  }

  /** @throws {ServiceProblem} */
  async getText(path: string): Promise<string> {
    return (await this.#ask(path, { method: 'GET' })).text();
  }

  /** @throws {ServiceProblem} */
  async post(path: string, body: unknown): Promise<unknown> {
    const response = await this.#ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return jsonOf(response, path);
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetch(path, init);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#token !== '') headers.set('authorization', `Bearer ${this.#token}`);
    try {
      return await fetch(this.#base + path, {
        ...init,
        headers,
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ServiceProblem('UNREACHABLE', `the service does not answer: ${reason}`);
    }
  }
}

async function jsonOf(response: Response, path: string): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    throw new ServiceProblem('UNREADABLE', `the answer to ${path} is no JSON`);
  }
}
