import { isRequired } from './sdl-node.ts';
import type { FieldFacts, InputFacts, ItemFacts, SharingFacts, TypeFacts } from './sharing-facts.ts';

const ROOTS = [
  { type: 'Query', before: '' },
  { type: 'Mutation', before: 'mutation ' },
] as const;

/** What a way asks for, from the public's rights up to the owner's. */
const RIGHTS = [0, 1, 2, 3] as const;

/**
 * For every field that a root field leads to, one way there: `person(idNumber:).phone`, with the arguments that must be given,
 * `mutation ` before what only a mutation answers, and `... on Penalty` where a union or interface is narrowed. Within the library
 * that answers for it where that has a root field for it, else through others; of those the way that asks for the least rights, and
 * then the shortest. By coordinate of the field; what no root field leads to is missing, and so is what never leaves the hub.
 */
export function readQueryPaths(facts: SharingFacts): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const resources = new Set(facts.types.flatMap((type) => (type.resource ? [type.name] : [])));
  const isStub = (type: TypeFacts) => resources.has(type.name) && !type.resource;
  for (const root of ROOTS) {
    for (const library of new Set(facts.types.map((type) => type.library))) {
      walk({ facts, root, paths, enters: (type) => type.library === library && !isStub(type) });
    }
    walk({ facts, root, paths, enters: () => true });
  }
  return paths;
}

type Walk = Readonly<{
  facts: SharingFacts;
  root: (typeof ROOTS)[number];
  paths: Map<string, string>;
  enters: (type: TypeFacts) => boolean;
}>;

function walk({ facts, root, paths, enters }: Walk): void {
  const arrived = new Map<string, string>([[root.type, root.before]]);
  for (const right of RIGHTS) {
    // Breadth first, so that the first way to a type is a shortest one. A Map is walked on to what is added on the way.
    for (const [type, before] of arrived) {
      for (const field of facts
        .typesNamed(type)
        .filter(enters)
        .flatMap((each) => each.fields)) {
        if (field.isInaccessible || rightsNeeded(field, facts) > right) continue;
        const path = `${before}${printStep(field)}`;
        if (!paths.has(field.coordinate)) paths.set(field.coordinate, path);
        for (const possible of facts.possibleTypes(field.returns)) {
          if (!arrived.has(possible)) arrived.set(possible, possible === field.returns ? `${path}.` : `${path} ... on ${possible}.`);
        }
      }
    }
  }
}

/**
 * 0 for what is open, in some rows at least; 1 to 3 by sharing class, and 3 for a list that is for its owner alone. Counts the field and
 * the arguments it cannot do without.
 */
function rightsNeeded(field: FieldFacts, facts: SharingFacts): number {
  if (field.lists === 'OWNER') return 3;
  const read = neededArguments(field).flatMap((argument) => argument.reads);
  const items = read.map((code) => facts.fieldsOfItem(code).flatMap((each) => each.items));
  return Math.max(0, ...[field.items, ...items].map(laxestRight));
}

function laxestRight(items: readonly ItemFacts[]): number {
  if (items.length === 0) return 0;
  const rights = { UNCONDITIONAL: 1, CONDITIONAL: 2, NOT_SHARED: 3 } as const;
  return Math.min(...items.map((item) => (item.open ? 0 : rights[item.share])));
}

function printStep(field: FieldFacts): string {
  const needed = neededArguments(field);
  return needed.length > 0 ? `${field.name}(${needed.map((argument) => `${argument.name}:`).join(', ')})` : field.name;
}

function neededArguments(field: FieldFacts): readonly InputFacts[] {
  return field.arguments.filter(({ node }) => isRequired(node));
}
