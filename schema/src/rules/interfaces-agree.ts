import { type FieldFacts, plainClass } from '../sharing-facts.ts';
import { printClass } from './compare-classes.ts';
import type { Rule } from './rule.ts';

/**
 * Rules sit on the fields of objects, and the fields of an interface agree with them: structure where every implementing field is
 * structure, an item where every implementing field is that item in the same classes, and bare where each says an item of its own.
 */
export const interfacesAgree: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field) return;
    for (const name of field.owner.interfaces) {
      for (const promised of facts.typesNamed(name).flatMap((type) => type.fields)) {
        if (promised.name !== field.name || printSaid(promised) === printSaid(field)) continue;
        if (isBare(promised) && field.items.length > 0) continue;
        complain({
          at: node.name,
          coordinate: field.coordinate,
          message: `is ${printSaid(field)}, but ${promised.coordinate} is ${printSaid(promised)}`,
          mend: 'say the same on both, or nothing on the interface where each type has an item of its own',
        });
      }
    }
  },
});

function isBare(field: FieldFacts): boolean {
  return field.items.length === 0 && !field.isStructure;
}

function printSaid(field: FieldFacts): string {
  if (field.items.length > 0) {
    const code = (plainClass(field) ?? field.items[0])?.code ?? '';
    const classes = field.items.map((item) => `${printClass(item)}${item.when ? ` when ${item.when}` : ''}`);
    return `@item ${code} (${classes.sort().join('; ')})`;
  }
  return field.isStructure ? '@structure' : 'said to be nothing';
}
