import { isSameText } from '../serve/verification/same-text.ts';
import type { EntityRow } from './store.ts';

/** What is claimed of an entity. */
export type Claim = Readonly<{ name: string; legalRepName?: string | null }>;

/** Columns that a claim is compared with. */
export const claimedColumns = ['legalRepName', 'name'] as const;

/** Whether everything claimed is as registered. An entity that does not exist is a mismatch like any other. */
export function isAsRegistered(entity: EntityRow | null, claim: Claim): boolean {
  if (!entity || !isSameText(entity.name, claim.name)) return false;
  const saysNoRep = claim.legalRepName === null || claim.legalRepName === undefined;
  return saysNoRep || isSameText(entity.legalRepName, claim.legalRepName);
}
