import { codesOfTable } from '../code-tables.ts';
import { findKey } from '../quality/quality-checks.ts';
import type { FieldFacts, QualityFacts, SharingFacts } from '../sharing-facts.ts';
import { updateCycleDays } from '../update-cycles.ts';
import type { Rule } from './rule.ts';

/** Every `@quality` says a rule that can be measured: over rows of a resource, with codes, keys and cycles that there are. */
export const qualityCanBeMeasured: Rule = ({ facts, complain }) => ({
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    for (const said of field?.quality ?? []) {
      if (!field) continue;
      for (const [message, mend] of faultsOf(facts, field, said)) complain({ at: node.name, coordinate: field.coordinate, message, mend });
    }
  },
});

function faultsOf(facts: SharingFacts, field: FieldFacts, said: QualityFacts): readonly (readonly [message: string, mend: string])[] {
  const faults: (readonly [string, string])[] = [];
  const { complete, valid, codes, unique, refersTo, notBefore, timely } = said;
  if (!(complete || unique || timely) && [valid, codes, refersTo, notBefore].every((each) => each === null))
    faults.push(['its @quality says no rule', 'say complete, valid, coded, unique, refersTo, notBefore or timely']);
  const [resource] = facts.resourcesOver(field);
  if (resource === undefined) faults.push(['has @quality, but its rows belong to no resource', 'move @quality to a field of a resource']);
  if (codes !== null && codesOfTable(codes) === null)
    faults.push([
      'its @quality says coded, but it is of no table of codes',
      'say @coded(table:) with a table of schema/reference/codes.json',
    ]);
  if (refersTo !== null && findKey(facts, refersTo) === null)
    faults.push([`"${refersTo}" is the key of no resource`, 'name a type with @resource and its key: StandardAddress.id']);
  const cycle = facts.types.find((type) => type.resource?.code === resource)?.resource?.updateCycle;
  if (timely && cycle !== undefined && (updateCycleDays[cycle] ?? null) === null)
    faults.push([`is timely, but its resource is updated ${cycle}`, 'leave timely out, or say a cycle that can be kept']);
  return faults;
}
