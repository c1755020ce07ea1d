import { plainClass } from '../sharing-facts.ts';
import { isAsStrict, printClass } from './compare-classes.ts';
import type { Rule } from './rule.ts';

/**
 * Fields of a nested type without a key inherit the item of the field that leads to them; one that is an item of its own may only
 * be stricter, in each of its classes: no row shows more of it than the laxest class of what leads there.
 */
export const nestedItemsAreStricter: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field || field.items.length === 0 || !facts.isNested(field.owner.name)) return;
    for (const leading of facts.fieldsLeadingTo(field.owner.name)) {
      const over = facts.itemsOver(leading);
      const plainOver = leading.items.length > 0 ? plainClass(leading) : over.find((item) => item.when === null);
      if (!plainOver) continue;
      for (const item of field.items) {
        const bounds = item.when === null ? [plainOver] : over;
        if (bounds.some((bound) => isAsStrict(item, bound))) continue;
        complain({
          at: node.name,
          coordinate: field.coordinate,
          message: `${item.code} (${printClass(item)}) is laxer than ${plainOver.code} of ${leading.coordinate}, which leads to it (${printClass(plainOver)})`,
          mend: 'give it a class at least as strict, or none so that it inherits',
        });
      }
    }
  },
});
