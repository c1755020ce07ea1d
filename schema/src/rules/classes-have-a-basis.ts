import type { Rule } from './rule.ts';

/** A class that holds data back names the law it rests on, and a not shared item also why; one that does not has no such words. */
export const classesHaveABasis: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field) return;
    const { coordinate } = field;
    for (const { code, share, basis, reason } of field.items) {
      if (share !== 'UNCONDITIONAL' && !basis?.trim()) {
        complain({
          at: node.name,
          coordinate,
          message: `${code} is ${share} and names no basis`,
          mend: 'add basis: the law, regulation or central policy, with its article',
        });
      }
      if (share === 'NOT_SHARED' && !reason) {
        complain({
          at: node.name,
          coordinate,
          message: `${code} is NOT_SHARED and says no reason`,
          mend: 'add reason: LAW, POLICY, SENSITIVE or OTHER',
        });
      }
      if (share !== 'NOT_SHARED' && reason) {
        complain({
          at: node.name,
          coordinate,
          message: `${code} is ${share} and says a reason for not sharing`,
          mend: 'take reason: away',
        });
      }
    }
  },
});
