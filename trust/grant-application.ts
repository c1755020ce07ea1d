import { canonicalJson } from './canonical-json.ts';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, signContent } from './signed-content.ts';

/** What a department applied for, as its owner took it in. `terms`: JSON text. */
export type TakenApplication = Readonly<{ library: string; no: string; consumer: string; terms: string }>;

const TYPE = 'longyuan-grant-application';

/** The owner's signature over an application: whoever answers it later answers what was applied for, and nothing else. */
export async function signApplication({ library, no, consumer, terms }: TakenApplication, key: SigningKey): Promise<string> {
  return (await signContent(TYPE, { library, no, consumer, terms }, key)).signature;
}

/** Whether a key of its owner signed exactly this application. */
export async function isApplicationSigned(
  { library, no, consumer, terms }: TakenApplication,
  signature: string | null,
  keys: CheckingKeys,
): Promise<boolean> {
  if (signature === null) return false;
  return (await readSigned(TYPE, { content: canonicalJson({ library, no, consumer, terms }), signature }, keys)) !== null;
}
