import { Kind } from 'graphql';
import type { Rule } from './rule.ts';

/** Every root field is nullable: one library that is down, or one refusal, must not empty the whole answer. */
export const rootsAreNullable: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    if (!field?.owner.isRoot || node.type.kind !== Kind.NON_NULL_TYPE) return;
    complain({
      at: node.type,
      coordinate: field.coordinate,
      message: 'is a root field and non-null: where its library does not answer all other answers would be lost too',
      mend: 'take the ! off its type',
    });
  },
});
