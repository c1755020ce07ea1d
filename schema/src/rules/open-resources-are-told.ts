import type { Rule } from './rule.ts';

/** Shorter than this says no more than a title does. */
const SHORTEST = 20;

/**
 * A resource of which the public may have something says in Chinese what it holds, in more words than its title; and the field that dates
 * its rows is a day among its items.
 */
export const openResourcesAreTold: Rule = ({ facts, complain }) => ({
  ObjectTypeDefinition(node) {
    const type = facts.typeAt(node);
    if (!type?.resource) return;
    const { code, title, abstractZh, datedBy } = type.resource;
    const at = node.name;
    const coordinate = type.name;
    const isOpen = facts.fields.some(
      (field) => field.items.some(({ open }) => open) && facts.resourcesOver(field).includes(code) && field.owner.library === type.library,
    );
    const told = (abstractZh ?? '').replace(title, '').match(/\p{Script=Han}/gu)?.length ?? 0;
    if (isOpen && told < SHORTEST) {
      complain({
        at,
        coordinate,
        message: `${code} has something open, and ${abstractZh === null ? 'does not say in Chinese what it holds' : 'says of it hardly more than its title'}`,
        mend: 'say in abstractZh what it holds, what one row is and where it comes from',
      });
    }
    const dating = type.fields.find(({ name }) => name === datedBy);
    if (datedBy !== null && !(dating?.returns === 'Date' && dating.items.length > 0)) {
      complain({
        at,
        coordinate,
        message: `${code} is dated by ${datedBy}, which is no day among its items`,
        mend: 'name a field of type Date that is an item, or leave datedBy out',
      });
    }
  },
});
