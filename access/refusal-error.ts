import { withoutStack } from '@longyuan/schema/src/refuse.ts';
import { type ItemFacts, plainClass, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import { reasonsOfItems } from '@longyuan/schema/src/words/reasons.ts';
import { refusalsOfItems } from '@longyuan/schema/src/words/refusals-of-items.ts';
import { GraphQLError } from 'graphql';
import type { Refusal } from './decide.ts';

/** The reader of a refusal learns which item, why, and whose it is. What this caller can do about it, the gateway adds. */
export type RefusalWriter = (refused: Readonly<{ item: string; refusal: Refusal; path: readonly (string | number)[] }>) => GraphQLError;

/** Why an item is refused, by the catalogue; `share` is its plain class, null where the whole field is refused. */
export function reasonOf({ code, missing }: Refusal, share: ItemFacts['share'] | null) {
  if (missing === 'PURPOSE') return code === 'PURPOSE_NOT_GRANTED' ? reasonsOfItems.PURPOSE_NOT_GRANTED : reasonsOfItems.PURPOSE_REQUIRED;
  // What is not shared may be verified by who holds a grant.
  if (missing === 'GRANT' && share === 'NOT_SHARED') return reasonsOfItems.GRANT_TO_VERIFY;
  return reasonsOfItems[missing];
}

/** What was missing, where a refusal ends with one of the reasons. */
export function missingIn(message: string): Refusal['missing'] | undefined {
  const found = Object.entries(reasonsOfItems).find(([, { en }]) => message.endsWith(`: ${en}.`))?.[0];
  if (found === 'PURPOSE_REQUIRED' || found === 'PURPOSE_NOT_GRANTED') return 'PURPOSE';
  // The other reasons are called as what is missing.
  return found === 'GRANT_TO_VERIFY' ? 'GRANT' : (found as Refusal['missing'] | undefined);
}

/** Makes the writer of refusals over the facts of the libraries that a door answers for. */
export function writeRefusals(facts: SharingFacts): RefusalWriter {
  const fields = new Map(
    facts.fields.flatMap((field) => (field.items.length > 0 || field.lists !== null ? [[field.coordinate, field] as const] : [])),
  );
  // An item on an edge (`Person.licenses`) belongs to the resource where its code is bound otherwise.
  const homeOf = (code: string): string | undefined => facts.fieldsOfItem(code).flatMap((field) => facts.resourcesOver(field))[0];
  return ({ item, refusal, path }) => {
    const field = fields.get(item);
    const plain = field && plainClass(field);
    const resource = (field && facts.resourcesOver(field)[0]) ?? (plain && homeOf(plain.code));
    const owner = field?.owner.library.department;
    const about = [plain?.title, owner].filter((each) => each !== undefined);
    const named = about.length > 0 ? `${item} (${about.join(', ')})` : item;
    const message = say(refusalsOfItems.ITEM_REFUSED, { item: named, reason: reasonOf(refusal, plain?.share ?? null).en });
    const extensions = {
      code: refusal.code,
      item,
      ...(plain && { itemCode: plain.code }),
      ...(resource !== undefined && { resource }),
      ...(owner !== undefined && { owner }),
      ...(['FRESH_GRANTS', 'OWN_ROWS'].includes(refusal.missing) && field && { library: field.owner.library.name }),
    };
    return withoutStack(() => new GraphQLError(message, { path, extensions }));
  };
}
