import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** A valid operation full of fragments: on the type itself, on what it implements or belongs to, named, bare, conditional, one in the other. */
export function drawOperation(
  schema: GraphQLSchema,
  draw: (below: number) => number,
): { source: string; variables: Record<string, boolean> } {
  const variables: Record<string, boolean> = {};
  const named = new Map<string, string>();
  let names = 0;
  const chance = (percent: number) => draw(100) < percent;
  const oneOf = <Each>(all: readonly Each[]): Each => all[draw(all.length)] as Each;
  const root = schema.getQueryType() as GraphQLObjectType;
  const text = Array.from({ length: 1 + draw(3) }, () => selection(root, 0)).join(' ');
  // What was drawn below a field that was then not written is not there.
  let whole = `{ ${text} }`;
  for (const [name, definition] of [...named].reverse())
    if (whole.includes(`...${name} `) || whole.includes(`...${name}@`)) whole += definition;
  const used = Object.keys(variables).filter((name) => whole.includes(`$${name})`));
  const declared = used.map((name) => `$${name}: Boolean!`);
  return {
    source: `query ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${whole}`,
    variables: Object.fromEntries(used.map((name) => [name, variables[name] ?? false])),
  };

  function selection(type: GraphQLCompositeType, depth: number): string {
    if (depth < 7 && chance(depth === 0 ? 10 : 45)) return fragment(type, depth);
    if (!('getFields' in type)) return depth < 7 ? fragment(type, depth) : '__typename';
    const field = oneOf(Object.values(type.getFields()));
    return chance(6) ? '__typename' : (write(field, depth) ?? '__typename');
  }

  function write(field: GraphQLField<unknown, unknown>, depth: number): string | null {
    const given = field.args.filter((argument) => isRequiredArgument(argument) || chance(15));
    const args = given.map((argument) => `${argument.name}: ${literal(argument.type, 0)}`);
    names += 1;
    // Fields with arguments have a name of their own, so that none conflicts; the others meet under their own.
    const head = args.length > 0 || field.args.length > 0 || chance(15) ? `n${names}: ${field.name}` : field.name;
    const below = getNamedType(field.type);
    const whole = `${head}${args.length > 0 ? `(${args.join(', ')})` : ''}${condition()}`;
    if (isLeafType(below)) return whole;
    if (depth >= 6 || !isCompositeType(below)) return null;
    const inner = Array.from({ length: 1 + draw(depth < 3 ? 3 : 2) }, () => selection(below, depth + 1));
    return `${whole} { ${inner.join(' ')} }`;
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const on = chance(15) ? null : oneOf(overlapping(schema, type));
    const inner = Array.from({ length: 1 + draw(2) }, () => selection(on ?? type, depth + 1)).join(' ');
    if (on === null || chance(75)) return `...${on ? ` on ${on.name}` : ''}${condition()} { ${inner} }`;
    names += 1;
    const name = `F${names}`;
    named.set(name, ` fragment ${name} on ${on.name} { ${inner} }`);
    return `...${name} ${condition()}`;
  }

  function condition(): string {
    if (chance(92)) return '';
    names += 1;
    variables[`v${names}`] = chance(70);
    return ` @include(if: $v${names})`;
  }

  function literal(type: GraphQLInputType, depth: number): string {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return `[${literal(nullable.ofType, depth)}]`;
    if (isEnumType(nullable)) return oneOf(nullable.getValues()).name;
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter(({ type: inner }) => isNonNullType(inner) || (depth < 2 && chance(20)));
      return `{ ${fields.map((field) => `${field.name}: ${literal(field.type, depth + 1)}`).join(', ')} }`;
    }
    if (String(nullable) === 'Int') return String(1 + draw(3));
    if (String(nullable) === 'Float') return `${draw(90)}.5`;
    return String(nullable) === 'Boolean' ? String(chance(50)) : `"t${draw(5)}"`;
  }
}

/** Types that a fragment below the type may be on, itself and abstract ones the oftenest. */
function overlapping(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  const own = new Set(kindsOf(schema, type));
  const all = Object.values(schema.getTypeMap()).filter(isCompositeType);
  const met = all.filter((other) => kindsOf(schema, other).some((kind) => own.has(kind)));
  return [...met, ...met.filter(isAbstractType), type];
}

function kindsOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] {
  return isObjectType(type) ? [type.name] : schema.getPossibleTypes(type).map(({ name }) => name);
}
