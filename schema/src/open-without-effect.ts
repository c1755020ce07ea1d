import { buildASTSchema, type GraphQLSchema, isInterfaceType, isObjectType, parse } from 'graphql';
import { type Complaint, complaintAt } from './check-schema.ts';
import { findPublicSchema } from './public-schema.ts';
import type { Library } from './read-libraries.ts';
import { readSharingFacts } from './read-sharing-facts.ts';
import type { FieldFacts } from './sharing-facts.ts';

/**
 * Fields that are said to be open, for every row or for those of a predicate, and that the public can ask nowhere: `open: true` would promise
 * what nobody can have. Expects libraries that `checkSchema` has nothing against, and what they compose to.
 */
export function openWithoutEffect(
  libraries: readonly Library[],
  apiSdl: string,
  beside: readonly Pick<Library, 'document'>[] = [],
): readonly Complaint[] {
  const publicSdl = findPublicSchema(libraries, apiSdl, beside);
  const shown = publicSdl === null ? null : buildASTSchema(parse(publicSdl, { noLocation: true }), { assumeValid: true });
  return readSharingFacts(libraries).fields.flatMap((field) => {
    const item = field.items.find(({ open }) => open);
    if (!item || fieldIn(shown, field.owner.name, field.name)) return [];
    return complaintAt(field.owner.library, field.node.name, {
      coordinate: field.coordinate,
      message: `${item.code} is open to the public, but ${whyNot(field, shown)}`,
      mend: 'open what leads there or what it leads to, or say open: false (with a code of its own, where other fields of the item are open)',
    });
  });
}

function whyNot(field: FieldFacts, shown: GraphQLSchema | null): string {
  if (field.owner.name === 'Mutation') return 'the public changes nothing';
  if (field.owner.isRoot || shown?.getType(field.owner.name)) {
    if (field.arguments.length === 0) return `nothing of ${field.returns} is, to which it leads`;
    return `it cannot be asked without an argument that reads what is not, or nothing of ${field.returns} is open`;
  }
  return `no way of the public schema leads to ${field.owner.name}`;
}

function fieldIn(schema: GraphQLSchema | null, type: string, field: string): boolean {
  const found = schema?.getType(type);
  return (isObjectType(found) || isInterfaceType(found)) && field in found.getFields();
}
