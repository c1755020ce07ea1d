import type { Rule } from './rule.ts';

/** A resource code is unique in the hub, a type is a resource in one library, and every related code is that of another resource. */
export const resourcesAreListedOnce: Rule = ({ facts, complain }) => ({
  ObjectTypeDefinition(node) {
    const type = facts.typeAt(node);
    if (!type?.resource) return;
    const { code, related } = type.resource;
    const at = node.name;
    const coordinate = type.name;
    const listed = facts.types.filter((each) => each.resource);
    const before = listed.find((each) => each.resource?.code === code);
    if (before && before !== type) {
      const file = `schema/libraries/${before.library.name}.graphql`;
      complain({
        at,
        coordinate,
        message: `${code} is already the code of ${before.name} in ${file}`,
        mend: 'give it the next running number',
      });
    }
    const elsewhere = listed.find((each) => each.name === type.name);
    if (elsewhere && elsewhere !== type) {
      complain({
        at,
        coordinate,
        message: `is already a resource of schema/libraries/${elsewhere.library.name}.graphql`,
        mend: 'keep @resource in the library that answers for it',
      });
    }
    for (const other of related) {
      if (other !== code && listed.some((each) => each.resource?.code === other)) continue;
      complain({
        at,
        coordinate,
        message: `is related to ${other}, which is no other resource`,
        mend: 'name the code of another @resource',
      });
    }
  },
});
