import { plainClass } from '../sharing-facts.ts';
import { isAsStrict, printClass } from './compare-classes.ts';
import type { Rule } from './rule.ts';

/**
 * A field has one item, with exactly one plain class; a class with `when` is laxer than the plain one (share, openness, level), so
 * the strictest holds wherever no predicate does. No predicate is named twice.
 */
export const whenIsLaxer: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field || field.items.length === 0) return;
    const { coordinate, items } = field;
    const codes = [...new Set(items.map((item) => item.code))];
    if (codes.length > 1) {
      complain({ at: node.name, coordinate, message: `is bound to several items: ${codes.join(', ')}`, mend: 'bind it to one' });
    }
    const plain = plainClass(field);
    if (!plain) {
      complain({
        at: node.name,
        coordinate,
        message: `${codes.join(', ')} has no class for the rows that no predicate holds for`,
        mend: 'add the plain @item, without when:, in its strictest class',
      });
      return;
    }
    const predicates = items.map((item) => item.when ?? 'no predicate');
    for (const twice of new Set(predicates.filter((predicate, place) => predicates.indexOf(predicate) !== place))) {
      complain({ at: node.name, coordinate, message: `${plain.code} has two classes for ${twice}`, mend: 'keep one of them' });
    }
    for (const item of items) {
      if (item.when === null || (isAsStrict(plain, item) && !isAsStrict(item, plain))) continue;
      complain({
        at: node.name,
        coordinate,
        message: `${item.code} when ${item.when} (${printClass(item)}) is not laxer than its plain class (${printClass(plain)})`,
        mend: 'make the class without when: the strictest of them',
      });
    }
  },
});
