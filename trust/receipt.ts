import { createHmac } from 'node:crypto';
import { CompactSign } from 'jose';
import { canonicalJson } from './canonical-json.ts';
import type { SigningKey } from './keys.ts';

/**
 * What the receipt (回执) of a verification says: its random number, the library, the moment (RFC 3339), credit code of the calling department
 * or else the kind of caller, the purpose, codes of the items that were compared, and the result. It names no person and holds no value:
 * `compared` is a keyed hash that the owner alone can make again.
 */
export type Receipt = Readonly<{
  receiptNo: string;
  library: string;
  checkedAt: string;
  caller: string;
  purpose: string | null;
  items: readonly string[];
  result: string;
  compared: string;
}>;

/** What a verification was about, and what was claimed, by codes of items. */
export type Claimed = Readonly<{ subject: string; values: Readonly<Record<string, string>> }>;

const TYPE = 'longyuan-receipt';

/** HMAC-SHA256 over what was compared, and over the receipt's number, so that alike claims do not look alike. In base64url. */
export function hashClaimed({ subject, values }: Claimed, receiptNo: string, secret: Buffer): string {
  return createHmac('sha256', secret).update(canonicalJson({ receiptNo, subject, values })).digest('base64url');
}

/** Signs a receipt with the owner's key: a compact JWS (EdDSA), which anybody can check with the owner's public key. */
export function signReceipt(receipt: Receipt, key: SigningKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(canonicalJson(receipt)))
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: TYPE })
    .sign(key.privateKey);
}
