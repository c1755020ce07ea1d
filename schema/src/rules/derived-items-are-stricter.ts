import { fieldSetOf } from '../sdl-node.ts';
import { plainClass } from '../sharing-facts.ts';
import { isAsStrict, printClass } from './compare-classes.ts';
import type { Rule } from './rule.ts';

/**
 * A field made from fields of another library (`@requires`) is an item at least as strict as each of them: the gateway fetches them for it
 * without asking whether the caller may have them. `@provides` would let a library answer for another's items, so nobody says it.
 */
export const derivedItemsAreStricter: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field) return;
    for (const directive of node.directives ?? []) {
      if (directive.name.value === 'provides') {
        complain({
          at: directive,
          coordinate: field.coordinate,
          message: 'answers fields of another library, whose owner then decides nothing',
          mend: 'take @provides off: the gateway asks the owner',
        });
      }
      if (directive.name.value !== 'requires') continue;
      const own = plainClass(field);
      for (const name of fieldSetOf(directive)) {
        const inputs = facts.fields.filter((each) => each.coordinate === `${field.owner.name}.${name}`);
        for (const input of inputs.flatMap((each) => plainClass(each) ?? [])) {
          if (own && isAsStrict(own, input)) continue;
          complain({
            at: node.name,
            coordinate: field.coordinate,
            message: `is made from ${field.owner.name}.${name} (${input.code}, ${printClass(input)}) and ${own ? `is laxer (${printClass(own)})` : 'is no item itself'}`,
            mend: 'give it a class at least as strict as what it is made from',
          });
        }
      }
    }
  },
});
