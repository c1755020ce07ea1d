import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { readGrant } from '@longyuan/schema/src/access/read-grant.ts';
import { CompactSign, compactVerify } from 'jose';
import { canonicalJson } from './canonical-json.ts';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { findKey } from './warrant.ts';

/** A grant with what its owner wrote down of it: number of the application, account of the steward who answered, and when. */
export type GrantDeed = Grant & Readonly<{ application: string; answeredBy: string; answeredAt: string }>;
/** A deed as it is kept: its one spelling in JSON, and the owner's signature, a detached JWS (RFC 7515, appendix F). */
export type SignedDeed = Readonly<{ content: string; signature: string }>;

const TYPE = 'longyuan-grant';

/** Writes and signs the deed of a grant with its owner's key (EdDSA). */
export async function signDeed(deed: GrantDeed, key: SigningKey): Promise<SignedDeed> {
  const content = canonicalJson(deed);
  const jws = await new CompactSign(new TextEncoder().encode(content))
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: TYPE })
    .sign(key.privateKey);
  const [header, , signature] = jws.split('.');
  return { content, signature: `${header}..${signature}` };
}

/** The deed, where a key of its owner signed exactly this content; else null. */
export async function readDeed({ content, signature }: SignedDeed, keys: CheckingKeys): Promise<GrantDeed | null> {
  try {
    const [header, middle, seal, ...more] = signature.split('.');
    if (middle !== '' || more.length > 0) return null;
    const jws = `${header}.${Buffer.from(content).toString('base64url')}.${seal}`;
    const verified = await compactVerify(jws, ({ kid }) => findKey(keys, kid), { algorithms: ['EdDSA'] });
    return verified.protectedHeader.typ === TYPE ? readContent(content) : null;
  } catch {
    // Every failure reads the same: nothing that the owner signed.
    return null;
  }
}

function readContent(content: string): GrantDeed | null {
  const said: Record<string, unknown> = JSON.parse(content);
  const grant = readGrant(said);
  const { application, answeredBy, answeredAt } = said;
  if (!grant || typeof application !== 'string' || typeof answeredBy !== 'string' || typeof answeredAt !== 'string') return null;
  return { ...grant, application, answeredBy, answeredAt };
}
