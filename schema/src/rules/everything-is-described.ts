import type { ASTNode, NameNode, StringValueNode } from 'graphql';
import type { Rule } from './rule.ts';

type Described = Readonly<{ name: NameNode; description?: StringValueNode | undefined }>;

/**
 * Every type, field, argument, field of an input and value of an enum has a description that a clerk of another department
 * understands. A stub of another library's type, and its key, are described in the library that answers for them.
 */
export const everythingIsDescribed: Rule = ({ facts, complain }) => {
  function check(node: Described, coordinate: string): void {
    if (node.description?.value.trim()) return;
    complain({
      at: node.name,
      coordinate,
      message: 'has no description',
      mend: 'put one sentence in quotes before it: unit, format, what null means',
    });
  }
  function checkType(node: ASTNode & Described): void {
    if (node.name.value === 'Query' || node.name.value === 'Mutation') return;
    const isStub = facts
      .typesNamed(node.name.value)
      .some((type) => type.node !== node && type.node.kind === node.kind && 'description' in type.node && type.node.description);
    if (!isStub) check(node, node.name.value);
  }
  return {
    ObjectTypeDefinition: checkType,
    InterfaceTypeDefinition: checkType,
    UnionTypeDefinition: checkType,
    ScalarTypeDefinition: checkType,
    EnumTypeDefinition(node) {
      checkType(node);
      for (const value of node.values ?? []) check(value, `${node.name.value}.${value.name.value}`);
    },
    InputObjectTypeDefinition(node) {
      checkType(node);
      for (const field of node.fields ?? []) check(field, `${node.name.value}.${field.name.value}`);
    },
    FieldDefinition(node) {
      const field = facts.fieldAt(node);
      if (!field) return;
      const isStubKey = field.isKey && !field.owner.resource;
      if (!isStubKey) check(node, field.coordinate);
      for (const argument of field.arguments) check(argument.node, argument.coordinate);
    },
  };
};
