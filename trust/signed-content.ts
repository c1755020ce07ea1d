import { CompactSign, compactVerify } from 'jose';
import type { z } from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { findKey } from './warrant.ts';

/** What an owner signed, as it is kept: its one spelling in JSON (RFC 8785), and a detached JWS over it (RFC 7515, appendix F). */
export type SignedContent = Readonly<{ content: string; signature: string }>;

/** Writes something down and signs it with its owner's key (EdDSA). `type` says what it is: nothing passes for another thing. */
export async function signContent(type: string, said: Json, key: SigningKey): Promise<SignedContent> {
  const content = canonicalJson(said);
  const jws = await new CompactSign(new TextEncoder().encode(content))
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: type })
    .sign(key.privateKey);
  const [header, , signature] = jws.split('.');
  return { content, signature: `${header}..${signature}` };
}

/** What was said, where a key of its owner signed exactly this content as a thing of this type, and it has this shape; else null. */
export async function readSigned<Said>(
  { type, shape }: Readonly<{ type: string; shape: z.ZodType<Said> }>,
  { content, signature }: SignedContent,
  keys: CheckingKeys,
): Promise<Said | null> {
  try {
    const [header, middle, seal, ...more] = signature.split('.');
    if (middle !== '' || more.length > 0) return null;
    const jws = `${header}.${Buffer.from(content).toString('base64url')}.${seal}`;
    const verified = await compactVerify(jws, ({ kid }) => findKey(keys, kid), { algorithms: ['EdDSA'] });
    return verified.protectedHeader.typ === type ? shape.parse(JSON.parse(content)) : null;
  } catch {
    // Every failure reads the same: nothing that the owner signed.
    return null;
  }
}
