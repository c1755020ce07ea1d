import type { EntityRow } from './store.ts';

/** What is claimed of an entity. */
export type Claim = Readonly<{ name: string; legalRepName?: string | null }>;

/** Columns that a claim is compared with. */
export const claimedColumns = ['legalRepName', 'name'] as const;

/** Whether everything claimed is as registered. An entity that does not exist is a mismatch like any other. */
export function isAsRegistered(entity: EntityRow | null, claim: Claim): boolean {
  if (!entity || !isSameName(entity.name, claim.name)) return false;
  const saysNoRep = claim.legalRepName === null || claim.legalRepName === undefined;
  return saysNoRep || isSameName(entity.legalRepName, claim.legalRepName);
}

/** Names are written with （） or (), depending on the keyboard: NFKC makes them one. */
function isSameName(registered: string | null | undefined, claimed: string | null | undefined): boolean {
  return !!registered && !!claimed && registered.normalize('NFKC') === claimed.trim().normalize('NFKC');
}
