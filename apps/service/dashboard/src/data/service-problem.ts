export type ServiceProblemCode =
  /** No token, or one that the service does not take any more. */
  | 'SIGNED_OUT'
  /** The token has not the scope for this. */
  | 'NOT_ALLOWED'
  /** The service says no, and why. */
  | 'REFUSED'
  /** No answer at all. */
  | 'UNREACHABLE'
  /** An answer that is not what the service says it gives. */
  | 'UNREADABLE';

/** Why a question to the service got no answer. Switch on `code`. */
export class ServiceProblem extends Error {
  override readonly name = 'ServiceProblem';
  readonly code: ServiceProblemCode;
  /** The service's own code for what went wrong, such as `MARKET_NOT_FOUND`. */
  readonly reason: string | undefined;
  /** To find the request in the service's log. */
  readonly requestId: string | undefined;

  constructor(
    code: ServiceProblemCode,
    message: string,
    details: { readonly reason?: string; readonly requestId?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = details.reason;
    this.requestId = details.requestId;
  }
}

/** What the service said in a problem document (RFC 9457), or what its status means without one. */
export async function problemOf(response: Response): Promise<ServiceProblem> {
  const code =
    response.status === 401 ? 'SIGNED_OUT' : response.status === 403 ? 'NOT_ALLOWED' : 'REFUSED';
  const document: unknown = await response.json().catch(() => undefined);
  const text = (field: string): string | undefined => {
    const value: unknown =
      typeof document === 'object' && document !== null ? Reflect.get(document, field) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const message = text('detail') ?? text('title') ?? `the service answered ${response.status}`;
  const [reason, requestId] = [text('code'), text('requestId')];
  return new ServiceProblem(code, message, {
    ...(reason === undefined ? {} : { reason }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}
