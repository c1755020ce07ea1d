import { Kind } from 'graphql';
import type { Rule } from './rule.ts';

/** An item is nullable: a refused non-null field would take its whole parent with it. Keys stay, the gateway joins by them. */
export const itemsAreNullable: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field || field.items.length === 0 || field.isKey || node.type.kind !== Kind.NON_NULL_TYPE) return;
    complain({
      at: node.type,
      coordinate: field.coordinate,
      message: 'is an item and non-null: where it is refused the whole parent would be null',
      mend: 'take the ! off its type',
    });
  },
});
