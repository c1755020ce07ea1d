import type { ASTNode, InputValueDefinitionNode } from 'graphql';
import { isOpenStatistic } from '../openness.ts';
import type { FieldFacts, InputFacts, SharingFacts } from '../sharing-facts.ts';
import type { Rule } from './rule.ts';

const PAGING = new Set(['first', 'after']);

/**
 * Default deny for what a caller gives: every argument and every field of an input names with `@reads` each item that it filters,
 * sorts, counts or groups by, or says `@structure`: it reads no item (how exact a boundary is, what a permission is for). Nothing
 * has to be said by
 * - paging: `first` and `after`;
 * - the key of what comes back: an argument named as an accessible `@key` field of the type that the field returns, or its plural
 *   (`legalEntity(uscc:)`, `legalEntities(usccs:)`): keys that say something are open;
 * - an input type, whose own fields say it; an enum each of whose values says it.
 * The item exists, and open statistics group by items alone that are open or `aggregate: true`.
 */
export const argumentsSayWhatTheyRead: Rule = ({ facts, complain }) => {
  function check(node: InputValueDefinitionNode, input: InputFacts, field: FieldFacts | null): void {
    const { coordinate } = input;
    complainAboutUnknown(node, coordinate, input.reads);
    if (input.reads.length > 0 || input.isStructure) return;
    if (field && (PAGING.has(input.name) || isKeyOfAnswer(facts, field, input))) return;
    const types = facts.typesNamed(input.takes);
    if (types.some((type) => type.inputs.length > 0 || (type.values.length > 0 && type.values.every((value) => value.reads.length > 0))))
      return;
    complain({
      at: node.name,
      coordinate,
      message: 'does not say what it reads, so a refused item could be found out by filtering',
      mend: 'add @reads(item: "…") for each item that it filters, sorts, counts or groups by, or @structure where there is none',
    });
  }
  function complainAboutUnknown(at: ASTNode, coordinate: string, codes: readonly string[]): void {
    for (const code of codes.filter((each) => facts.fieldsOfItem(each).length === 0)) {
      complain({ at, coordinate, message: `reads ${code}, which is no item of any library`, mend: 'name the code of an @item' });
    }
  }
  function complainAboutHeld(statistic: FieldFacts): void {
    for (const input of statistic.arguments) {
      const values = facts.typesNamed(input.takes).flatMap((type) => type.values);
      for (const code of new Set([...input.reads, ...values.flatMap((value) => value.reads)])) {
        const items = facts.fieldsOfItem(code).flatMap((field) => field.items);
        if (items.length === 0 || items.some((item) => item.open || item.aggregate)) continue;
        complain({
          at: input.node.name,
          coordinate: input.coordinate,
          message: `groups open statistics by ${code}, which is neither open nor aggregate`,
          mend: 'say aggregate: true on that item, or leave it out of the statistic',
        });
      }
    }
  }
  return {
    InputObjectTypeDefinition(type) {
      for (const node of type.fields ?? []) {
        const input = facts.inputAt(node);
        if (input) check(node, input, null);
      }
    },
    FieldDefinition(definition) {
      const field = facts.fieldAt(definition);
      for (const input of field?.arguments ?? []) check(input.node, input, field ?? null);
      if (field && isOpenStatistic(facts, field)) complainAboutHeld(field);
    },
    EnumTypeDefinition(node) {
      for (const value of facts.typeAt(node)?.values ?? []) complainAboutUnknown(value.node.name, value.coordinate, value.reads);
    },
  };
};

function isKeyOfAnswer(facts: SharingFacts, field: FieldFacts, input: InputFacts): boolean {
  return facts
    .typesNamed(field.returns)
    .flatMap((type) => type.fields)
    .some((key) => key.isKey && !key.isInaccessible && (input.name === key.name || input.name === `${key.name}s`));
}
