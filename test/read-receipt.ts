import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import type { Receipt } from '@longyuan/trust/receipt.ts';
import { findKey } from '@longyuan/trust/warrant.ts';
import { compactVerify } from 'jose';

/** The receipt, where a key of its owner signed it; else null. */
export async function readReceipt(jws: string, keys: CheckingKeys): Promise<Receipt | null> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, ({ kid }) => findKey(keys, kid), { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== 'longyuan-receipt') return null;
    // The owner signs nothing else under this type.
    return JSON.parse(new TextDecoder().decode(payload)) as Receipt;
  } catch {
    // Every failure reads the same: nothing that the owner signed.
    return null;
  }
}
