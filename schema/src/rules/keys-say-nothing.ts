import type { Rule } from './rule.ts';

/**
 * Keys of people and papers say nothing and never leave the hub: `@inaccessible`, in every library that holds them. A key that says
 * something is an item, and open (a credit code, the code of a division): it stands in queries, plans and logs.
 */
export const keysSayNothing: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field?.isKey || field.isInaccessible) return;
    const items = facts
      .typesNamed(field.owner.name)
      .flatMap((type) => type.fields)
      .filter((each) => each.name === field.name)
      .flatMap((each) => each.items);
    if (items.length > 0 && items.every((item) => item.open)) return;
    complain({
      at: node.name,
      coordinate: field.coordinate,
      message: items.length > 0 ? `is a key and the item ${items[0]?.code}, which is not open` : 'is a key that callers see, but no item',
      mend: 'make it an opaque key with @inaccessible, or an open @item in the library that answers for it',
    });
  },
});
