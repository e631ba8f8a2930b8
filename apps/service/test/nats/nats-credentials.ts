import { createHash } from 'node:crypto';
import { nkeys } from 'nats';

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** A user of the server, and the file that lets it in. */
export interface NatsUser {
  /** As `SEMA_NATS_CREDS` names it. */
  readonly file: string;
  /** What must be shown nowhere. */
  readonly secrets: readonly string[];
}

/** A server's world in which only who holds a signed claim may come in. */
export interface NatsOperator {
  /** For the server's file. */
  readonly configuration: string;
  /** A user of the account that may use JetStream. */
  user(claims?: object): NatsUser;
  /** One that an account has vouched for which the server does not know. */
  stranger(): NatsUser;
}

const UNLIMITED = -1;
const LIMITS = {
  ...{ subs: UNLIMITED, data: UNLIMITED, payload: UNLIMITED },
  ...{ imports: UNLIMITED, exports: UNLIMITED, wildcards: true, conn: UNLIMITED, leaf: UNLIMITED },
};
const JETSTREAM = {
  ...{ mem_storage: UNLIMITED, disk_storage: UNLIMITED },
  ...{ streams: UNLIMITED, consumer: UNLIMITED },
};

/** An operator with an account for its own messages and one for users, all of keys made here. */
export function natsOperator(): NatsOperator {
  const operator = nkeys.createOperator();
  const accounts = { system: nkeys.createAccount(), sema: nkeys.createAccount() };
  const accountClaim = (account: KeyPair, limits: object): string =>
    signed(operator, account, 'account', { limits: { ...LIMITS, ...limits } });
  const preload = [
    `${accounts.system.getPublicKey()}: "${accountClaim(accounts.system, {})}"`,
    `${accounts.sema.getPublicKey()}: "${accountClaim(accounts.sema, JETSTREAM)}"`,
  ];
  return {
    configuration: `
      operator: "${signed(operator, operator, 'operator', {})}"
      system_account: ${accounts.system.getPublicKey()}
      resolver: MEMORY
      resolver_preload: { ${preload.join('\n')} }
    `,
    user: (claims) => userOf(accounts.sema, claims),
    stranger: () => userOf(nkeys.createAccount()),
  };
}

function userOf(account: KeyPair, claims: object = {}): NatsUser {
  const user = nkeys.createUser();
  const { subs, data, payload } = LIMITS;
  const rights = { pub: {}, sub: {}, subs, data, payload };
  const token = signed(account, user, 'user', rights, claims);
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    file: [
      ...['-----BEGIN NATS USER JWT-----', token, '------END NATS USER JWT------', ''],
      ...['-----BEGIN USER NKEY SEED-----', seed, '------END USER NKEY SEED------', ''],
    ].join('\n'),
    // The last part of a token is its signature, without which the rest lets nobody in.
    secrets: [seed, token, token.split('.')[2]],
  };
}

/**
 * A JSON Web Token in the manner of NATS: claims of version 2, signed with Ed25519 by an nkey.
 *
 * @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt
 */
function signed(
  issuer: KeyPair,
  subject: KeyPair,
  type: 'operator' | 'account' | 'user',
  nats: object,
  claims: object = {},
): string {
  const claim = {
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name: type,
    sub: subject.getPublicKey(),
    ...claims,
    nats: { ...nats, type, version: 2 },
  };
  const jti = createHash('sha256').update(JSON.stringify(claim)).digest('hex');
  const body = [
    { typ: 'JWT', alg: 'ed25519-nkey' },
    { jti, ...claim },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = issuer.sign(new TextEncoder().encode(body));
  return `${body}.${Buffer.from(signature).toString('base64url')}`;
}
