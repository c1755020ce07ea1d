import type { Rule } from './rule.ts';

/**
 * A resource with an item that is not open says which column gives the division or the subject of a row: no library can look that
 * up elsewhere while it decides. Where its rows are a person's or a person's papers (a type with an opaque key whose rows have a
 * subject) it also says until when that person is under 14, because until then every item of the row is of level 4. Who tells which rows are a
 * person's own (`own`) is a library that there is.
 */
export const rowsHaveAScope: Rule = ({ facts, complain }) => ({
  ObjectTypeDefinition(node) {
    const type = facts.typeAt(node);
    if (!type?.resource) return;
    const { code, rows } = type.resource;
    const libraries = new Set(facts.types.map(({ library }) => library.name));
    for (const teller of rows?.own?.toldBy ?? []) {
      if (libraries.has(teller)) continue;
      complain({
        at: node.name,
        coordinate: type.name,
        message: `has rows that ${teller} tells to be a person's own, and there is no such library`,
        mend: 'name libraries of the hub in toldBy:',
      });
    }
    const held = facts.itemCodes().find((item) => {
      const fields = facts.fieldsOfItem(item);
      return fields.some((field) => facts.resourcesOver(field).includes(code) && field.items.some((each) => !each.open));
    });
    if (!held) return;
    if (!rows?.division && !rows?.subject) {
      complain({
        at: node.name,
        coordinate: type.name,
        message: `has an item that is not open (${held}), but no column that says whose or where a row is`,
        mend: 'add rows: { division: "…", subject: "…" } to @resource',
      });
      return;
    }
    if (!rows.subject || rows.minorUntil || !type.fields.some((field) => field.isKey && field.isInaccessible)) return;
    complain({
      at: node.name,
      coordinate: type.name,
      message: 'has rows of people, but no column that says until when a person is under 14',
      mend: 'add minorUntil: "…" to rows:',
    });
  },
});
