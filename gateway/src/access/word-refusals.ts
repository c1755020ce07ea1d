import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import { type Application, applyFor, mayApply } from '@longyuan/access/apply-operation.ts';
import { purposesHeld, type Standing } from '@longyuan/access/decide.ts';
import { type RefusalWriter, writeRefusals } from '@longyuan/access/refusal-error.ts';
import type { MissingItem } from '@longyuan/operation/prune-operation.ts';
import { plainClass, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import { refusalsOfItems } from '@longyuan/schema/src/words/refusals-of-items.ts';
import { GraphQLError } from 'graphql';

/** Makes the writer of one answer's refusals: for whom, and all that is missing in it. */
export type RefusalsOf = (standing: Standing, missing: readonly MissingItem[]) => RefusalWriter;

/** A message names so many purposes; `extensions.purposes` has all. */
const MOST_NAMED = 5;

/**
 * Makes the words of refusals for one caller. To what every door says it adds the purposes that the caller's own grants are for and, for whoever
 * can apply, the application for everything of the resource that is missing in the answer, ready to be sent. That stands once for each item.
 */
export function wordRefusals(parts: {
  facts: SharingFacts;
  accessFacts: AccessFacts;
  nameOfPurpose: (code: string) => string | null;
  now?: () => Date;
}): RefusalsOf {
  const { facts, accessFacts, nameOfPurpose, now = () => new Date() } = parts;
  const write = writeRefusals(facts);
  const codes = new Map(facts.fields.flatMap((field) => [[field.coordinate, plainClass(field)?.code] as const]));
  const titles = new Map(facts.types.flatMap(({ resource }) => (resource ? [[resource.code, resource.title] as const] : [])));
  const homeOf = (code: string): string | null => {
    const [type = '', field = ''] = accessFacts.fieldOfItem(code)?.split('.') ?? [];
    return accessFacts.ofField(type, field)?.resource ?? null;
  };

  return (standing, missing) => {
    const applications = new Map<string, Application | null>();
    const applied = new Set<string>();
    const applicationFor = (resource: string): Application | null =>
      applications.getOrInsertComputed(resource, () => {
        const items = missing.flatMap(({ code, toVerify, refusal }) => {
          const item = accessFacts.ofItem(code);
          return item && homeOf(code) === resource && mayApply(item, refusal, standing, accessFacts) ? [{ item, toVerify }] : [];
        });
        return applyFor(resource, items, { standing, nameOfPurpose, now: now(), title: titles.get(resource) ?? resource });
      });
    return (refused) => {
      const error = write(refused);
      const item = accessFacts.ofItem(codes.get(refused.item) ?? '');
      if (!item) return error;
      const resource = homeOf(item.code);
      const isFirst = !applied.has(item.code);
      applied.add(item.code);
      const apply =
        resource !== null && isFirst && mayApply(item, refused.refusal, standing, accessFacts) ? applicationFor(resource) : null;
      const purposes = refused.refusal.missing === 'PURPOSE' ? purposesHeld(item, standing) : [];
      const message = withWay(error.message, purposes, isStewardOfOther(standing, item.owner) && accessFacts.canBeGranted(item.code));
      if (apply === null && message === error.message) return error;
      return new GraphQLError(message, {
        ...(error.path && { path: error.path }),
        extensions: { ...error.extensions, ...(purposes.length > 0 && { purposes }), ...(apply && { apply }) },
      });
    };
  };

  /** Behind what every door says, what this caller can do about it. */
  function withWay(message: string, purposes: readonly string[], isDevelopersMatter: boolean): string {
    if (purposes.length === 0) return isDevelopersMatter ? say(refusalsOfItems.DEVELOPERS_APPLY_FOR_IT, { message }) : message;
    const named = purposes.slice(0, MOST_NAMED).map((code) => [code, nameOfPurpose(code)].filter((part) => part !== null).join(' '));
    return say(refusalsOfItems.HELD_FOR, { message, written: `${named.join(', ')}${purposes.length > MOST_NAMED ? ', …' : ''}` });
  }
}

/** Stewards see no values and apply for none; that somebody of their department can is said where it is so. */
function isStewardOfOther({ caller }: Pick<Standing, 'caller'>, owner: string): boolean {
  return caller.kind === 'department' && caller.role === 'steward' && caller.uscc !== owner;
}
