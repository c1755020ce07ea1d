import type { TypeNode } from 'graphql';
import { Kind } from 'graphql';
import type { Rule } from './rule.ts';

const TEXT = new Set(['String', 'ID']);

/** A mask shows a part of one text. A field that leads to rows, or is a list or a number, has no part to show: a field below it may. */
export const masksAreOnText: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    const masked = field?.items.find((item) => item.mask !== null);
    if (!field || !masked || TEXT.has(textOf(node.type))) return;
    complain({
      at: node.type,
      coordinate: field.coordinate,
      message: `has the mask ${masked.mask}, and is no text that could be shown in part`,
      mend: 'take mask: off, or bind it to a String field',
    });
  },
});

function textOf(type: TypeNode): string {
  switch (type.kind) {
    case Kind.NAMED_TYPE:
      return type.name.value;
    case Kind.NON_NULL_TYPE:
      return textOf(type.type);
    case Kind.LIST_TYPE:
      return '';
  }
}
