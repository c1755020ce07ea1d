import { print } from 'graphql';
import type { SharingFacts, TypeFacts } from '../sharing-facts.ts';
import type { Rule } from './rule.ts';

const PAGE_INFO = ['endCursor: String', 'hasNextPage: Boolean!', 'startCursor: String', 'hasPreviousPage: Boolean!'];

/**
 * A page of any list has what clients look for: `nodes`, the same as `edges { cursor node }`, `total` and `pageInfo` with Relay's four fields.
 * A type is a page by its name, `…Connection`.
 */
export const connectionsAreWhole: Rule = ({ facts, complain }) => ({
  ObjectTypeDefinition(node) {
    const type = facts.typeAt(node);
    if (!type?.name.endsWith('Connection')) return;
    for (const [coordinate, missing] of missingIn(facts, type)) {
      complain({ at: node.name, coordinate, message: `is part of a page and has no \`${missing}\``, mend: `add \`${missing}\`` });
    }
  },
});

function missingIn(facts: SharingFacts, page: TypeFacts): readonly (readonly [coordinate: string, field: string])[] {
  const nodes = page.fields.find(({ name }) => name === 'nodes');
  if (!nodes) return [[page.name, 'nodes: [T!]!']];
  const edge = page.name.replace(/Connection$/, 'Edge');
  const list = print(nodes.node.type);
  const wanted = {
    [page.name]: [`edges: ${list.replace(nodes.returns, edge)}`, 'total: Int', 'pageInfo: PageInfo!'],
    [edge]: ['cursor: String!', `node: ${nodes.returns}!`],
    PageInfo: PAGE_INFO,
  };
  return Object.entries(wanted).flatMap(([name, fields]) => {
    const declared = facts.typesNamed(name).find((type) => type.library === page.library)?.fields ?? [];
    const has = (field: string) =>
      declared.some((each) => `${each.name}: ${print(each.node.type)}`.replace('total: Int!', 'total: Int') === field);
    return fields.filter((field) => !has(field)).map((field) => [name, field] as const);
  });
}
