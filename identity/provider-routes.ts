import type { IncomingMessage, ServerResponse } from 'node:http';
import { foreignHeader } from '@longyuan/settings/loopback.ts';
import { ACCOUNT_GRANT } from './token-request.ts';

const DISCOVERY = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
/** All that is answered, and how it is asked. `oidc-provider` has more; nobody logs in here, so it is for nobody. */
const routes: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['/token', ['POST']],
  ['/jwks', ['GET', 'HEAD']],
  ...DISCOVERY.map((path) => [path, ['GET', 'HEAD']] as const),
]);

/** Ends a request that is for nobody here, or that a page of some site had a browser make; false where it is to be answered. */
export function refuseRequest({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse): boolean {
  const refuse = (status: number, error: string): true => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ error }));
    return true;
  };
  const foreign = foreignHeader(headers);
  if (foreign === 'Host') return refuse(421, 'misdirected_request');
  if (foreign === 'Origin') return refuse(403, 'access_denied');
  const methods = routes.get(url.split('?', 1)[0] ?? '');
  if (!methods) return refuse(404, 'not_found');
  if (methods.includes(method)) return false;
  response.setHeader('allow', methods.join(', '));
  return refuse(405, 'method_not_allowed');
}

/** The discovery document: what works here, and the three lists that OpenID Connect Discovery 1.0 (3) wants of everyone. */
export function discoveryOf(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: [ACCOUNT_GRANT],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    // No authorization endpoint answers anything, and the one kind of token is the access token.
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA'],
  };
}
