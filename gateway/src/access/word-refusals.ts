import type { AccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { purposesHeld, type Standing } from '@longyuan/schema/src/access/decide.ts';
import type { RefusedField } from '@longyuan/schema/src/access/prune-operation.ts';
import { type RefusalWriter, writeRefusals } from '@longyuan/schema/src/access/refusal-error.ts';
import { plainClass, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import { refusalsOfItems } from '@longyuan/schema/src/words/refusals-of-items.ts';
import { GraphQLError } from 'graphql';
import { type Application, applyFor, mayApply } from './apply-operation.ts';

/** An item that is refused, and what of it was wanted. */
export type RefusedItem = Pick<RefusedField, 'item' | 'refusal' | 'wanted'>;
/** Makes the writer of one answer's refusals: for whom, and what is refused in all. */
export type RefusalsOf = (standing: Standing, refused: readonly RefusedItem[]) => RefusalWriter;

/**
 * Makes the words of refusals for one caller: to what every door says come the purposes that the caller's own grants are for, and to whoever
 * can apply the application for everything of the resource that is missing in the answer, ready to be sent. It stands once for each item.
 */
export function wordRefusals(parts: {
  facts: SharingFacts;
  accessFacts: AccessFacts;
  nameOfPurpose: (code: string) => string | null;
  now?: () => Date;
}): RefusalsOf {
  const { facts, accessFacts, nameOfPurpose, now = () => new Date() } = parts;
  const write = writeRefusals(facts);
  const fields = new Map(facts.fields.filter(({ items }) => items.length > 0).map((field) => [field.coordinate, field]));
  const codeOf = (item: string): string | undefined => {
    const field = fields.get(item);
    return field && plainClass(field)?.code;
  };

  return (standing, refused) => {
    const applications = new Map<string, Application | null>();
    const applied = new Set<string>();
    const applicationFor = (resource: string): Application | null =>
      applications.getOrInsertComputed(resource, () => {
        const missing = refused.flatMap(({ item, refusal, wanted }) => {
          const code = codeOf(item);
          const decided = code === undefined ? undefined : accessFacts.ofItem(code);
          return decided && resourceOf(item) === resource && mayApply(decided, refusal, standing, accessFacts)
            ? [{ item: decided, wanted }]
            : [];
        });
        return applyFor(resource, missing, { standing, nameOfPurpose, now: now(), title: titleOf(resource) });
      });
    return (each) => {
      const error = write(each);
      const code = codeOf(each.item);
      const item = code === undefined ? undefined : accessFacts.ofItem(code);
      if (!item) return error;
      const held = each.refusal.missing === 'PURPOSE' ? purposesHeld(item, standing) : [];
      const resource = resourceOf(each.item);
      const isFirst = !applied.has(item.code);
      applied.add(item.code);
      const application =
        resource !== null && isFirst && mayApply(item, each.refusal, standing, accessFacts) ? applicationFor(resource) : null;
      const isForDeveloper = isStewardOfOther(standing, item.owner) && accessFacts.canBeGranted(item.code);
      if (held.length === 0 && application === null && !isForDeveloper) return error;
      const named = held.map((purpose) => [purpose, nameOfPurpose(purpose)].filter((name) => name !== null).join(' '));
      return new GraphQLError(messageFor(error, named, isForDeveloper), {
        ...(error.path && { path: error.path }),
        extensions: { ...error.extensions, ...(held.length > 0 && { purposes: held }), ...(application && { apply: application }) },
      });
    };
  };

  function resourceOf(item: string): string | null {
    const [type = '', field = ''] = item.split('.');
    return accessFacts.ofField(type, field)?.resource ?? null;
  }
  function titleOf(resource: string): string {
    return facts.types.find((type) => type.resource?.code === resource)?.resource?.title ?? resource;
  }
}

function messageFor({ message }: GraphQLError, purposes: readonly string[], isForDeveloper: boolean): string {
  if (purposes.length > 0) return say(refusalsOfItems.HELD_FOR, { message, written: purposes.slice(0, MOST_NAMED).join(', ') });
  return isForDeveloper ? say(refusalsOfItems.DEVELOPERS_APPLY_FOR_IT, { message }) : message;
}

/** A message names so many purposes; `extensions.purposes` has all. */
const MOST_NAMED = 5;

function isStewardOfOther({ caller }: Standing, owner: string): boolean {
  return caller.kind === 'department' && caller.role === 'steward' && caller.uscc !== owner;
}
