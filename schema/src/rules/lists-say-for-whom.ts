import { directiveArguments, isList, isRequired } from '../sdl-node.ts';
import type { FieldFacts, SharingFacts } from '../sharing-facts.ts';
import type { Rule } from './rule.ts';

/** Forms of values that name one person, entity, paper or place: whoever gives one names the rows. */
const NAMING: ReadonlySet<unknown> = new Set([
  'CITIZEN_NUMBER',
  'CREDIT_CODE',
  'ISSUED_CREDIT_CODE',
  'LICENSE_IDENTIFIER',
  'ADDRESS_CODE',
  'REAL_ESTATE_UNIT_NO',
]);

/**
 * A root that lists rows of a resource which its caller does not name by a key says for whom (`@lists`), and no other field does. Where
 * every department has no item of the rows whole, the list itself would tell who there is: it is for the owner alone.
 */
export const listsSayForWhom: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field) return;
    const { coordinate } = field;
    const rows = listedRows(facts, field);
    if (rows.length === 0 || namesItsRows(field)) {
      if (field.lists === null) return;
      complain({
        at: node.name,
        coordinate,
        message: 'says for whom it lists rows, but lists none that its caller does not name',
        mend: 'take @lists off it',
      });
    } else if (field.lists === null) {
      complain({
        at: node.name,
        coordinate,
        message: `lists rows of ${rows.join(', ')} that its caller does not name, and does not say for whom`,
        mend: 'add @lists(for: OWNER), or @lists(for: ANYONE) where whoever may see the rows may also search them',
      });
    } else if (field.lists === 'ANYONE' && !rows.every((row) => isSharedSomewhere(facts, row))) {
      complain({
        at: node.name,
        coordinate,
        message: `lists rows of ${rows.join(', ')} for anyone, though none of their items is shared without a grant`,
        mend: 'say @lists(for: OWNER)',
      });
    }
  },
});

/** Types with `@resource` whose rows a root lists: itself, or through a page or what stands for one row. */
function listedRows(facts: SharingFacts, field: FieldFacts): readonly string[] {
  if (field.owner.name !== 'Query') return [];
  if (isList(field.node.type)) return rowsOf(facts, field.returns);
  return facts
    .typesNamed(field.returns)
    .flatMap((type) => (type.isStructure ? type.fields : []))
    .flatMap((below) => (isList(below.node.type) ? rowsOf(facts, below.returns) : []));
}

function rowsOf(facts: SharingFacts, name: string, isBelow = false): readonly string[] {
  const types = facts.possibleTypes(name).flatMap((each) => facts.typesNamed(each));
  const rows = types.filter(({ resource }) => resource !== null).map((type) => type.name);
  if (rows.length > 0 || isBelow) return [...new Set(rows)];
  return types.flatMap((type) => (type.isStructure ? type.fields.flatMap(({ returns }) => rowsOf(facts, returns, true)) : []));
}

function namesItsRows(field: FieldFacts): boolean {
  return field.arguments.some(({ node }) => {
    const format = node.directives?.find(({ name }) => name.value === 'format');
    return isRequired(node) && format && NAMING.has(directiveArguments(format)['is']);
  });
}

function isSharedSomewhere(facts: SharingFacts, name: string): boolean {
  const items = facts.typesNamed(name).flatMap((type) => (type.resource ? type.fields.flatMap((field) => field.items) : []));
  return items.some(({ share }) => share === 'UNCONDITIONAL');
}
