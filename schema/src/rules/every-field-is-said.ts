import type { Rule } from './rule.ts';

/**
 * Default deny: a field is an item, a key, or structure (by itself or by its type), or inherits the item of the field that leads
 * to its nested type. Anything else is refused. A field of an interface is what the implementing types say (`interfaces-agree`).
 */
export const everyFieldIsSaid: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field) return;
    const { coordinate, owner } = field;
    if (field.items.length > 0 && field.isStructure && !owner.isStructure) {
      complain({ at: node.name, coordinate, message: 'is both @item and @structure', mend: 'keep the one that is true' });
    }
    if (field.items.length > 0 || field.isStructure || field.isKey || owner.isInterface) return;
    const nested = facts.isNested(owner.name);
    const leading = nested ? facts.fieldsLeadingTo(owner.name).filter((each) => each.owner.name !== owner.name) : [];
    const unsaid = leading.find((each) => facts.itemsOver(each).length === 0);
    if (leading.length > 0 && !unsaid) return;
    complain({
      at: node.name,
      coordinate,
      message: nested
        ? `is neither @item nor @structure, and ${unsaid ? `${unsaid.coordinate} leads to it without an item` : 'no @item leads to it'}, so nobody can tell who may have it`
        : 'is neither @item, @key nor @structure, so nobody can tell who may have it',
      mend: 'say @item(code:, title:, share:, open:, level:, type:), or @structure where it tells nothing about anyone',
    });
  },
});
