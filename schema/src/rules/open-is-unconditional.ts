import type { Rule } from './rule.ts';

/**
 * What the public may have every department may have, and it is of level 1; levels are 1 to 4. An item that open statistics group
 * by (`aggregate`) is itself not open for that: only the statistic is, as an item of its own.
 */
export const openIsUnconditional: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field) return;
    const { coordinate } = field;
    for (const item of field.items) {
      if (!Number.isInteger(item.level) || item.level < 1 || item.level > 4) {
        complain({ at: node.name, coordinate, message: `${item.code} has level ${item.level}`, mend: 'say a level from 1 to 4' });
      }
      if (!item.open) continue;
      if (item.share !== 'UNCONDITIONAL') {
        complain({
          at: node.name,
          coordinate,
          message: `${item.code} is open to the public, but ${item.share} for departments`,
          mend: 'say share: UNCONDITIONAL or open: false',
        });
      }
      if (item.level !== 1) {
        complain({
          at: node.name,
          coordinate,
          message: `${item.code} is open to the public, but of level ${item.level}`,
          mend: 'say level: 1 or open: false',
        });
      }
      if (item.verifyOnly) {
        complain({
          at: node.name,
          coordinate,
          message: `${item.code} is open to the public, but answers only match or mismatch`,
          mend: 'take verifyOnly: away or say open: false',
        });
      }
    }
  },
});
