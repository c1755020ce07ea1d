import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, signContent } from './signed-content.ts';

const APPLICATION = {
  type: 'longyuan-grant-application',
  shape: z.object({ library: z.string(), no: z.string(), consumer: z.string(), terms: z.string() }),
};

/** What a department applied for, as its owner took it in. `terms`: JSON text. */
export type TakenApplication = Readonly<z.infer<typeof APPLICATION.shape>>;

/** The owner's signature over an application: whoever answers it later answers what was applied for, and nothing else. */
export async function signApplication({ library, no, consumer, terms }: TakenApplication, key: SigningKey): Promise<string> {
  return (await signContent(APPLICATION.type, { library, no, consumer, terms }, key)).signature;
}

/** Whether a key of its owner signed exactly this application. */
export async function isApplicationSigned(
  { library, no, consumer, terms }: TakenApplication,
  signature: string | null,
  keys: CheckingKeys,
): Promise<boolean> {
  if (signature === null) return false;
  return (await readSigned(APPLICATION, { content: canonicalJson({ library, no, consumer, terms }), signature }, keys)) !== null;
}
