import type { Caller } from '@longyuan/access/caller.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { deny, rule, shield } from 'graphql-shield';

/**
 * Guards every way into the schema with graphql-shield: fields of Query (so `_entities` too) and of Mutation need a caller,
 * any other root is denied. The schema is guarded in place.
 *
 * Only roots are wrapped: shield turns a field it rules into a promise, which costs too much on every leaf. Types below are
 * reached through a root alone, and it ignores rules on interfaces anyway.
 */
export function shieldRoots(schema: GraphQLSchema): void {
  const rules = Object.fromEntries(
    [schema.getQueryType(), schema.getMutationType()].flatMap((root) => (root ? [[root.name, { '*': hasCaller }] as const] : [])),
  );
  const guards = shield(rules, {
    fallbackRule: deny,
    fallbackError: refuse('NO_CALLER'),
    // Else every error of a resolver reads as a refusal.
    allowExternalErrors: true,
  }).generate(schema);
  for (const root of rootsOf(schema)) {
    for (const field of Object.values(root.getFields())) {
      field.resolve = guarded(field.resolve ?? defaultFieldResolver, guardOf(guards, root.name, field.name));
    }
  }
}

/** No cache: shield's contextual one ignores arguments. A rule that throws reads as a refusal. */
const hasCaller = rule('hasCaller')((_parent: unknown, _args: unknown, context: { caller?: Caller | null } | undefined) =>
  Boolean(context?.caller),
);

type Guard = (
  resolve: GraphQLFieldResolver<unknown, unknown>,
  ...call: Parameters<GraphQLFieldResolver<unknown, unknown>>
) => Promise<unknown>;

function guarded(resolve: GraphQLFieldResolver<unknown, unknown>, guard: Guard): GraphQLFieldResolver<unknown, unknown> {
  return (parent, args, context, info) => guard(resolve, parent, args, context, info);
}

/** @throws Error when shield made no guard for the field: an unguarded root must not be served. */
function guardOf(guards: unknown, type: string, field: string): Guard {
  // What `generate` returns for a tree of rules: guards by type and field; that of a logic rule, as `deny` is, lies in an object.
  const made = (guards as Record<string, Record<string, Guard | { resolve?: Guard }> | undefined>)[type]?.[field];
  const guard = typeof made === 'object' ? made.resolve : made;
  if (!guard) throw new Error(`graphql-shield made no guard for ${type}.${field}`);
  return guard;
}

function rootsOf(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((root) => root != null);
}
