import { type FieldFacts, plainClass, type SharingFacts } from '../sharing-facts.ts';
import type { ItemToDecide } from './decide.ts';

/** What stands at a field: an item, or nothing that would need a right (structure, a key, a field of a nested type whose way in decides). */
export type FieldAccess = Readonly<{ item: ItemToDecide | null; mask: string | null; resource: string | null }>;

/** What the decision asks of the SDL, by coordinate (`Type.field`) and by item code. Read once. */
export type AccessFacts = Readonly<{
  /** Undefined for a field that no library declares: nothing is known of it, so nothing is given. */
  ofField: (type: string, field: string) => FieldAccess | undefined;
  /** The item itself, where an argument reads it; undefined for an unknown code. */
  ofItem: (code: string) => ItemToDecide | undefined;
  /** Coordinates of all fields that items are bound to. */
  itemFields: readonly string[];
  itemCodes: readonly string[];
}>;

const NO_ITEM: FieldAccess = Object.freeze({ item: null, mask: null, resource: null });

/** Reads it out of the facts of all libraries (the gateway), or of one (its subgraph). */
export function readAccessFacts(facts: SharingFacts): AccessFacts {
  const resources = new Map(facts.types.flatMap((type) => (type.resource ? [[type.resource.code, type.resource] as const] : [])));
  /** An item on an edge (`Person.licenses`) belongs to the resource where its code is bound otherwise. */
  const resourceOf = (code: string): string | null => {
    for (const field of facts.fieldsOfItem(code)) {
      const [resource] = facts.resourcesOver(field);
      if (resource !== undefined) return resource;
    }
    return null;
  };
  const itemAt = (field: FieldFacts): ItemToDecide | null => {
    const plain = plainClass(field);
    if (!plain) return null;
    const resource = resourceOf(plain.code);
    const hasSubject = resource !== null && Boolean(resources.get(resource)?.rows?.subject);
    return { code: plain.code, owner: field.owner.library.uscc, hasSubject, classes: field.items };
  };

  const fields = new Map<string, FieldAccess>();
  for (const [coordinate, declared] of Map.groupBy(facts.fields, (field) => field.coordinate)) {
    const bound = declared.find((field) => field.items.length > 0);
    if (bound) {
      const item = itemAt(bound);
      fields.set(coordinate, { item, mask: plainClass(bound)?.mask ?? null, resource: item && resourceOf(item.code) });
    } else if (declared.every((field) => field.isStructure || field.isKey || facts.isNested(field.owner.name))) {
      fields.set(coordinate, NO_ITEM);
    }
  }
  // An interface says nothing itself where its kinds are items of their own: the types it stands for decide.
  const items = new Map(
    facts.itemCodes().flatMap((code) => {
      const [first] = facts.fieldsOfItem(code).flatMap((field) => itemAt(field) ?? []);
      return first ? [[code, first] as const] : [];
    }),
  );
  return {
    ofField: (type, field) => fields.get(`${type}.${field}`),
    ofItem: (code) => items.get(code),
    itemFields: [...fields].filter(([, { item }]) => item !== null).map(([coordinate]) => coordinate),
    itemCodes: [...items.keys()],
  };
}
