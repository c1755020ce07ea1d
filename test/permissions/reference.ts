import {
  type DocumentNode,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { SHARES, TOLD } from './expect-answer.ts';
import { objectsOf } from './expect-refusals.ts';
import type { Rows } from './rows.ts';
import { DECIDING_FIELDS } from './rows.ts';
import type { Model } from './rules.ts';

/**
 * The same operation, asked as somebody to whom every row is open: with what names each row beside it, and without items that nobody
 * but the owner is shown (their values are read from the database).
 */
export function referenceOf(model: Model, rows: Rows, document: DocumentNode): DocumentNode {
  const { schema, access } = model;
  const types = new TypeInfo(schema);
  const isForOwnersAlone = (type: string, field: string) =>
    access.ofField(type, field)?.item?.classes.every(({ share }) => share === 'NOT_SHARED') ?? false;
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        return parent && isForOwnersAlone(parent.name, node.name.value) ? null : undefined;
      },
      SelectionSet: {
        leave(node) {
          const type = getNamedType(types.getParentType());
          if (!isCompositeType(type) || type === schema.getQueryType()) return undefined;
          const more: SelectionNode[] = [typename];
          for (const object of objectsOf(schema, type)) {
            const naming = rows.namingField(object.name);
            if (naming !== null) more.push(on(object.name, [fieldAs(`${TOLD.name}${object.name}`, naming)]));
          }
          if (isObjectType(type) || isInterfaceType(type)) {
            const fields = type.getFields();
            const owner = SHARES[type.name];
            const naming = rows.namingField('Person');
            if (owner !== undefined && naming !== null) more.push(fieldAs(TOLD.owner, owner, [fieldAs(naming, naming)]));
            for (const name of DECIDING_FIELDS) if (fields[name]) more.push(fieldAs(TOLD.deciding, name));
            const below = getNamedType(fields['nodes']?.type);
            if (fields['total'] && isObjectType(below)) {
              const naming = rows.namingField(below.name);
              const named = naming === null ? [] : [fieldAs(`${TOLD.name}${below.name}`, naming)];
              more.push(fieldAs(TOLD.all, 'nodes', [typename, ...named]));
              more.push(fieldAs(TOLD.page, 'pageInfo', [fieldAs('hasNextPage', 'hasNextPage')]));
            }
          }
          return { ...node, selections: [...node.selections, ...more] };
        },
      },
    }),
  );
}

const typename: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: TOLD.type } };

function fieldAs(alias: string, name: string, selections: readonly SelectionNode[] = []): SelectionNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: alias },
    name: { kind: Kind.NAME, value: name },
    ...(selections.length > 0 && { selectionSet: { kind: Kind.SELECTION_SET, selections: [...selections] } }),
  };
}

function on(type: string, selections: readonly SelectionNode[]): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [...selections] },
  };
}
