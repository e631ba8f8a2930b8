/** What a token may allow, each with its meaning. */
export const SCOPES = {
  admin: 'everything',
  'markets:read': 'markets, candles, decisions, journals, performance, and their streams',
  'markets:write': 'make markets and snapshots',
  'candles:write': 'feed candles and outcomes',
  'risk:write': 'halt, reduce, resume and kill',
  'orders:arm': 'let a market place orders at an exchange, and disarm it',
  signals: 'decide on candles that are sent along',
  circuits: 'run and draw circuits',
  'metrics:read': 'metrics',
  'audit:read': 'the audit log',
  'tokens:write': 'make, list and revoke tokens with no more rights than their own',
} as const;
export type Scope = keyof typeof SCOPES;

// The keys are exactly the scopes, in the order they are written.
export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]];

export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes('admin') || granted.includes(needed);
}
