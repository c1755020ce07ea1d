import { type DocumentNode, Kind } from 'graphql';
import { bears } from './sdl-node.ts';

/** Coordinates that a subgraph which is no library marks with `@public`: `Resource.name`, `Query.resource(code:)`, `ShareType`. */
export type PublicMarks = ReadonlySet<string>;

/**
 * What subgraphs beside the libraries open to the public. In a library openness is said in `@item`; the directory has no items, so each
 * of its fields, arguments, input fields and enums that anyone may ask says so itself. What is not marked is not public.
 */
export function readPublicMarks(beside: readonly Readonly<{ document: DocumentNode }>[]): PublicMarks {
  return new Set(beside.flatMap(({ document }) => document.definitions.flatMap(marksIn)));
}

function marksIn(type: DocumentNode['definitions'][number]): readonly string[] {
  switch (type.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return isMarked(type) ? [type.name.value] : [];
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (type.fields ?? []).filter(isMarked).map((field) => `${type.name.value}.${field.name.value}`);
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
      return (type.fields ?? []).flatMap((field) => {
        const coordinate = `${type.name.value}.${field.name.value}`;
        const given = (field.arguments ?? []).filter(isMarked).map((argument) => `${coordinate}(${argument.name.value}:)`);
        return isMarked(field) ? [coordinate, ...given] : given;
      });
    default:
      return [];
  }
}

function isMarked(node: Parameters<typeof bears>[0]): boolean {
  return bears(node, 'public');
}
