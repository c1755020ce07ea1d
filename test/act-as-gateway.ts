import { PUBLIC } from '@longyuan/access/caller.ts';
import { offerSeal } from '@longyuan/trust/agree-seal.ts';
import { digestOf, type SealKey, sealCall } from '@longyuan/trust/call-seal.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { CheckingKey } from '@longyuan/trust/keys.ts';
import { signWarrant, WARRANT_HEADER, type Warrant } from '@longyuan/trust/warrant.ts';

/** What a test may change of a call before it is sealed. */
type Order = Partial<Warrant> & Readonly<{ path?: string; sealedAtMs?: number; token?: string; authorization?: string }>;

/** For tests: a gateway that has agreed on a seal with one library, and makes the headers with which it would send a body. */
export type ActingGateway = Readonly<{ key: SealKey; headersFor: (body: string, order?: Order) => Promise<Record<string, string>> }>;

/** Agrees with a library as a gateway does; `post` sends the offer and gives the parsed body of the answer. @throws Error where the library declines. */
export async function actAsGateway(parts: {
  library: string;
  keys: SigningKeys;
  owner: CheckingKey;
  post: (path: '/seal', body: string) => Promise<unknown>;
}): Promise<ActingGateway> {
  const { library, keys, owner, post } = parts;
  const offer = await offerSeal(library, await keys.current(), async (kid) => (kid === owner.kid ? owner : null));
  const told = await post('/seal', JSON.stringify({ offer: offer.token }));
  const answer = typeof told === 'object' && told !== null && 'answer' in told ? String(told.answer) : '';
  const key = await offer.conclude(answer);
  if (!key) throw new Error(`The library ${library} did not agree on a seal.`);
  let calls = 0;
  const headersFor = async (body: string, order: Order = {}): Promise<Record<string, string>> => {
    const { path = '/graphql', sealedAtMs, token, authorization, ...warrant } = order;
    const whole = { library, caller: PUBLIC, purpose: null, items: [], ...warrant };
    const headers = {
      'content-type': 'application/json',
      [WARRANT_HEADER]: token ?? (await signWarrant(whole, await keys.current())),
      'x-request-id': 'request-1',
      ...(authorization !== undefined && { authorization }),
    };
    calls += 1;
    return { ...headers, ...sealCall({ method: 'POST', path, headers, contentDigest: digestOf(body) }, key, calls, sealedAtMs) };
  };
  return { key, headersFor };
}
