import { readCodeTables } from '../code-tables.ts';
import { bears } from '../sdl-node.ts';
import type { FieldFacts } from '../sharing-facts.ts';
import type { Rule } from './rule.ts';

/**
 * A coded item has its words: `@coded` names a table there is, the values of an enum are described as `中文: English`, and an item of a
 * standard that there is a table of says that it is coded. What is shown in part or compared alone has no words, which would show it whole.
 */
export const codesHaveWords: Rule = ({ facts, library, complain }) => {
  const tables = readCodeTables([library]);
  const byStandard = new Map([...tables.values()].flatMap(({ code, standard }) => (standard === null ? [] : [[standard, code]])));
  function check(node: FieldFacts['node'], message: string, mend: string): void {
    const field = facts.fieldAt(node);
    if (field) complain({ at: node.name, coordinate: field.coordinate, message, mend });
  }
  return {
    FieldDefinition(node) {
      const field = facts.fieldAt(node);
      if (!field || field.madeOf !== null) return;
      const { codeTable, owner, returns, items } = field;
      const isPlain = returns === 'String' || returns === 'ID' || returns === 'Int';
      const standard = items.find((item) => item.standard !== null)?.standard ?? '';
      if (codeTable === null && isPlain && byStandard.has(standard)) {
        check(node, `is of ${standard}, and does not say its code table`, `say @coded(table: "${byStandard.get(standard)}")`);
        return;
      }
      const hasWord = owner.fields.some((each) => each.madeOf === field.name && each.name !== 'id');
      if (codeTable === null || !(hasWord || bears(node, 'coded'))) return;
      if (!tables.has(codeTable)) {
        const isEnum = codeTable === returns;
        check(
          node,
          isEnum ? `is coded, and not every value of ${codeTable} is described in words` : `there is no code table "${codeTable}"`,
          isEnum
            ? 'describe each value in Chinese, a colon and English: "企业: enterprise"'
            : 'name a table of schema/reference/codes.json, which has each word in Chinese (v) and English (en)',
        );
      }
      if (items.some(({ mask, verifyOnly }) => mask !== null || verifyOnly))
        check(node, 'is coded, and shown in part or compared alone', 'leave out the mask, verifyOnly or @coded');
    },
  };
};
