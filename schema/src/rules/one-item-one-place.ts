import type { FieldFacts, ItemFacts, SharingFacts } from '../sharing-facts.ts';
import type { Rule } from './rule.ts';

/** Facts that are one for an item, however many fields it binds. How a value is masked is a matter of the field. */
const OF_THE_ITEM = [
  'title',
  'share',
  'basis',
  'reason',
  'open',
  'level',
  'type',
  'length',
  'standard',
  'verifyOnly',
  'aggregate',
  'source',
] as const satisfies readonly (keyof ItemFacts)[];

/**
 * An item belongs to one resource of one library, and is the same wherever it is named. Several fields of that resource may share
 * it; a field outside any resource (a root field, the stub of another library's type) may lead to it, and may leave out a laxer class
 * whose predicate never holds there (records of a person are never those of a legal entity).
 */
export const oneItemOnePlace: Rule = ({ facts, complain }) => {
  function complainAboutPlace(field: FieldFacts, code: string, first: FieldFacts): void {
    const { coordinate, node } = field;
    if (first.owner.library.name !== field.owner.library.name) {
      complain({
        at: node.name,
        coordinate,
        message: `${code} is already an item of ${first.coordinate} in schema/libraries/${first.owner.library.name}.graphql`,
        mend: 'give it a code of its own',
      });
      return;
    }
    const here = facts.resourcesOver(field);
    const homes = [...new Set(facts.fieldsOfItem(code).flatMap((each) => facts.resourcesOver(each)))];
    if (homes.length === 0) {
      complain({
        at: node.name,
        coordinate,
        message: `${code} belongs to no resource`,
        mend: 'say @item(resource: "…") or bind it to a field of the resource too',
      });
    }
    const unknown = here.filter(
      (home) => !facts.types.some((type) => type.library === field.owner.library && type.resource?.code === home),
    );
    if (unknown.length > 0) {
      complain({
        at: node.name,
        coordinate,
        message: `${code} belongs to ${unknown.join(', ')}, which is no resource of this library`,
        mend: 'name the code of a @resource of the same file',
      });
    }
    const own = here.filter((home) => home !== homes[0]);
    if (own.length > 0) {
      complain({
        at: node.name,
        coordinate,
        message: `${code} is already an item of resource ${homes[0]}, and here of ${own.join(', ')}`,
        mend: 'give it a code of its own',
      });
    }
  }
  return {
    FieldDefinition(node) {
      const field = facts.fieldAt(node);
      for (const code of new Set(field?.items.map((item) => item.code))) {
        const first = facts.fieldsOfItem(code)[0];
        if (!field || !first) continue;
        complainAboutPlace(field, code, first);
        const differences = field === first ? [] : differencesBetween(field, first, facts);
        if (differences.length === 0) continue;
        complain({
          at: node.name,
          coordinate: field.coordinate,
          message: `${code} differs from ${first.coordinate} in ${differences.join(', ')}`,
          mend: 'say the same facts in both places, or give it a code of its own',
        });
      }
    },
  };
};

function differencesBetween(one: FieldFacts, other: FieldFacts, facts: SharingFacts): string[] {
  const isOutside = [one, other].some((field) => facts.resourcesOver(field).length === 0);
  const predicates = new Set([...one.items, ...other.items].map((item) => item.when));
  const differences = new Set<string>();
  for (const when of predicates) {
    const here = one.items.find((item) => item.when === when);
    const there = other.items.find((item) => item.when === when);
    if (!here || !there) {
      if (!isOutside) differences.add('when');
    } else for (const fact of OF_THE_ITEM) if (here[fact] !== there[fact]) differences.add(fact);
  }
  return [...differences];
}
