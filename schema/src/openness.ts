import type { PublicMarks } from './public-marks.ts';
import type { FieldFacts, SharingFacts } from './sharing-facts.ts';

/** What is open to the public, asked by name over all libraries. A name that no library declares is open where it is marked. */
export type Openness = Readonly<{
  /** Open item, structure, or a field of a nested type (whose way in decides). */
  isOpenField: (type: string, field: string) => boolean;
  isStructure: (type: string, field: string) => boolean;
  /** A field of no library that is marked `@public`: it says something by itself. */
  isMarked: (type: string, field: string) => boolean;
  isStructureType: (type: string) => boolean;
  /** Whether an argument, or a field of an input type, reads only what is open. */
  mayGive: (at: Readonly<{ type: string; field: string; argument?: string }>) => boolean;
  isOpenValue: (type: string, value: string) => boolean;
}>;

/** Reads openness out of the facts of the libraries, and out of what the subgraphs beside them mark. */
export function readOpenness(facts: SharingFacts, marks: PublicMarks): Openness {
  const fields = Map.groupBy(facts.fields, (field) => field.coordinate);
  const declared = (type: string, field: string) => fields.get(`${type}.${field}`) ?? [];

  function isOpenItem(code: string): boolean {
    return facts.fieldsOfItem(code).some((field) => field.items.some((item) => item.code === code && item.open));
  }
  function mayRead(code: string, isForStatistics: boolean): boolean {
    if (isOpenItem(code)) return true;
    return isForStatistics && facts.fieldsOfItem(code).some((field) => field.items.some((item) => item.code === code && item.aggregate));
  }
  /** Values of an enum may name an item to group by where every argument that takes the enum is one of open statistics. */
  function isForStatistics(enumName: string): boolean {
    const takers = facts.fields.filter((field) => field.arguments.some((argument) => argument.takes === enumName));
    const isInInput = facts.types.some((type) => type.inputs.some((input) => input.takes === enumName));
    return takers.length > 0 && !isInInput && takers.every((field) => isOpenStatistic(facts, field));
  }

  // A library's own word is never overruled by a mark elsewhere.
  const isMarked = (type: string, field: string) => declared(type, field).length === 0 && marks.has(`${type}.${field}`);

  return {
    isMarked,
    isOpenField(type, field) {
      if (isMarked(type, field)) return true;
      const said = declared(type, field);
      const items = said.filter((each) => each.items.length > 0);
      if (said.length === 0 || said.some((each) => each.isInaccessible || each.lists === 'OWNER')) return false;
      if (items.length > 0) return items.every((each) => each.items.some(({ open }) => open));
      return said.every((each) => each.isStructure) || facts.isNested(type);
    },
    isStructure(type, field) {
      const said = declared(type, field);
      return said.every((each) => each.isStructure && each.items.length === 0);
    },
    isStructureType(type) {
      return facts.typesNamed(type).length > 0 && facts.typesNamed(type).every((each) => each.isStructure);
    },
    mayGive({ type, field, argument }) {
      if (argument === undefined ? facts.typesNamed(type).length === 0 : isMarked(type, field))
        return marks.has(argument === undefined ? `${type}.${field}` : `${type}.${field}(${argument}:)`);
      const given =
        argument === undefined
          ? facts
              .typesNamed(type)
              .flatMap((each) => each.inputs.filter((input) => input.name === field).map((input) => ({ input, statistic: false })))
          : declared(type, field).flatMap((each) =>
              each.arguments
                .filter((input) => input.name === argument)
                .map((input) => ({ input, statistic: isOpenStatistic(facts, each) })),
            );
      return given.length > 0 && given.every(({ input, statistic }) => input.reads.every((code) => mayRead(code, statistic)));
    },
    isOpenValue(type, value) {
      if (facts.typesNamed(type).length === 0) return marks.has(type);
      const values = facts.typesNamed(type).flatMap((each) => each.values.filter((candidate) => candidate.name === value));
      return values.length > 0 && values.every((each) => each.reads.every((code) => mayRead(code, isForStatistics(type))));
    },
  };
}

/** An open item of a root field that answers in cells, `count` beside `suppressed`: what `aggregate: true` lets group by an item. */
export function isOpenStatistic(facts: SharingFacts, field: FieldFacts): boolean {
  if (!field.owner.isRoot || !field.items.some(({ open }) => open)) return false;
  return facts.typesNamed(field.returns).some((type) => {
    const names = new Set(type.fields.map((each) => each.name));
    return type.isStructure && names.has('count') && names.has('suppressed');
  });
}
