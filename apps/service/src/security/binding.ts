import { StartError } from '../start-error.ts';

export interface Binding {
  readonly host: string;
  readonly authentication: 'tokens' | 'none';
  readonly tls: boolean;
  readonly behindProxy: boolean;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/**
 * Refuses to be reached from other machines by whoever comes, or in plain text.
 *
 * @throws {StartError} `BIND_REFUSED`
 */
export function checkBinding({ host, authentication, tls, behindProxy }: Binding): void {
  if (LOOPBACK.test(host)) return;
  if (authentication === 'none') {
    throw new StartError(
      'BIND_REFUSED',
      `without authentication the service does not listen on ${host}`,
      'leave --no-auth out, or listen on 127.0.0.1',
    );
  }
  if (!tls && !behindProxy) {
    throw new StartError(
      'BIND_REFUSED',
      `on ${host} tokens would travel in plain text`,
      'give --tls-cert and --tls-key, or --behind-proxy when a proxy before it speaks TLS',
    );
  }
}
