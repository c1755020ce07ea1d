import { refuse } from '@longyuan/schema/src/refuse.ts';
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { rule, shield } from 'graphql-shield';
import type { Caller } from './caller.ts';
import { OFFICE_ROOTS, refusalAtRoot } from './offices.ts';

type Context = Readonly<{ caller?: Caller | null }> | undefined;

/**
 * Guards every way into a schema with graphql-shield: each root field (so `_entities` and every Mutation too) is open to whoever holds an
 * office that names it, each of `bySdl` (`Query.person`) to whoever calls, and any other to nobody. A refusal is thrown, as the hub words it.
 * What depends on the row that is asked for (whose application, which division) cannot be said here: the same table is asked where it is known.
 * The schema is guarded in place.
 *
 * Only roots are wrapped: shield turns a field it rules into a promise, which costs too much on every leaf. Types below are
 * reached through a root alone, and it ignores rules on interfaces anyway.
 */
export function shieldRoots(schema: GraphQLSchema, bySdl: ReadonlySet<string> = new Set()): void {
  const roots = rootsOf(schema);
  const rules = Object.fromEntries(roots.map((root) => [root.name, rulesOf(root, bySdl)]));
  const guards = shield(rules, {
    fallbackRule: nobody,
    // Said where a rule throws, which reads as a refusal.
    fallbackError: refuse('NO_CALLER'),
    // Else every error of a resolver reads as a refusal.
    allowExternalErrors: true,
  }).generate(schema);
  for (const root of roots) {
    for (const field of Object.values(root.getFields())) {
      field.resolve = guarded(field.resolve ?? defaultFieldResolver, guardOf(guards, root.name, field.name));
    }
  }
}

/** Nothing is cached: shield's contextual cache ignores arguments, and one caller's answer must not be another's. */
const UNCACHED = { cache: 'no_cache' } as const;

/** The rules of those fields of a root that an office names or the SDL decides; the others are left to the fallback. */
function rulesOf(root: GraphQLObjectType, bySdl: ReadonlySet<string>) {
  const named = Object.keys(root.getFields()).flatMap((field) => {
    const coordinate = `${root.name}.${field}`;
    if (bySdl.has(coordinate)) return [[field, anyCaller] as const];
    return OFFICE_ROOTS.has(coordinate) ? [[field, officeRule(coordinate)] as const] : [];
  });
  return Object.fromEntries(named);
}

const anyCaller = rule(
  'any caller',
  UNCACHED,
)((_parent: unknown, _args: unknown, context: Context) => (context?.caller ? true : refuse('NO_CALLER')));

function officeRule(coordinate: string) {
  return rule(
    coordinate,
    UNCACHED,
  )((_parent: unknown, _args: unknown, context: Context) =>
    context?.caller ? (refusalAtRoot(coordinate, context.caller) ?? true) : refuse('NO_CALLER'),
  );
}

const nobody = rule(
  'nobody',
  UNCACHED,
)((_parent: unknown, _args: unknown, _context: Context, info: GraphQLResolveInfo) => {
  const coordinate = `${info.parentType.name}.${info.fieldName}`;
  return refuse('ROOT_OF_NOBODY', { coordinate });
});

type Guard = (
  resolve: GraphQLFieldResolver<unknown, unknown>,
  ...call: Parameters<GraphQLFieldResolver<unknown, unknown>>
) => Promise<unknown>;

/** Shield hands a refusal back as the value: what wraps a list would take it for one that is empty, so it is thrown. */
function guarded(resolve: GraphQLFieldResolver<unknown, unknown>, guard: Guard): GraphQLFieldResolver<unknown, unknown> {
  return async (parent, args, context, info) => {
    const answer = await guard(resolve, parent, args, context, info);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

/** @throws Error when shield made no guard for the field: an unguarded root must not be served. */
function guardOf(guards: unknown, type: string, field: string): Guard {
  // What `generate` returns for a tree of rules: guards by type and field; that of a logic rule lies in an object.
  const made = (guards as Record<string, Record<string, Guard | { resolve?: Guard }> | undefined>)[type]?.[field];
  const guard = typeof made === 'object' ? made.resolve : made;
  if (!guard) throw new Error(`graphql-shield made no guard for ${type}.${field}`);
  return guard;
}

function rootsOf(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((root) => root != null);
}
