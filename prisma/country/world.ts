import type { Grant } from '@longyuan/access/grant.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import type { OpaqueKey } from '../store/opaque-key.ts';
import { readDemoGrants } from './demo-grants.ts';
import { asOf } from './edition.ts';
import { type Block, makeBlock } from './generate/block.ts';
import { ageOn, today } from './generate/calendar.ts';
import { openCountry } from './generate/country.ts';
import { licenseTypes } from './generate/license-types.ts';
import type { License } from './generate/licenses.ts';
import type { Person } from './generate/people.ts';
import { consumerDepartments, serviceItems } from './purposes.ts';

/** The small fixed country that documents, demonstrations and tests share: people and papers that every filling of the stores holds. */
export type World = Readonly<{
  asOf: string;
  departments: readonly Readonly<{ uscc: string; name: string; libraries: readonly string[] }>[];
  people: readonly Readonly<{ idNumber: string; name: string; phone: string; division: string }>[];
  legalEntities: readonly Readonly<{ uscc: string; name: string; division: string; legalRepName: string }>[];
  licenses: readonly Readonly<{
    identifier: string;
    checkCode: string;
    number: string;
    typeName: string;
    holderName: string;
    state: string;
  }>[];
  addresses: readonly Readonly<{ code: string; fullText: string }>[];
  realEstateUnits: readonly Readonly<{ no: string }>[];
  serviceItems: typeof serviceItems;
  /** Whom the made-up owners granted what; the first ones are the widest, of one department for one errand. */
  grants: readonly Pick<Grant, 'id' | 'consumer' | 'resource' | 'items' | 'purposes' | 'division'>[];
}>;

/** For those who need no keys of the hub, such as the world: the natural key itself. */
export const naturalKeys: OpaqueKey = (_kind, naturalKey) => naturalKey;

/** Blocks that the world is taken from: every hub of 1,200 people or more holds all of it. */
const WORLD_BLOCKS = 12;

/**
 * The world; the same every time. The first person represents a firm that has permits or a penalty, lives with two others or more, and has
 * licenses and a credit summary; the second is an adult of another county, unrelated.
 */
export function readWorld(): World {
  const country = openCountry();
  const blocks = Array.from({ length: WORLD_BLOCKS }, (_, number) => makeBlock({ country, opaqueKey: naturalKeys, number }));
  const people = blocks.flatMap((block) => pickPeople(block));
  const entities = blocks.flatMap((block) => representedFirst(block).slice(0, 3));
  return {
    asOf,
    departments: [...owners(), ...consumerDepartments.map((body) => ({ ...body, libraries: [] }))],
    people: people.map(({ idNumber, name, phone, registeredAt }) => ({
      idNumber,
      name,
      phone: phone ?? '',
      division: registeredAt.division,
    })),
    legalEntities: entities.map(({ uscc, name, address, representative }) => ({
      ...{ uscc, name, division: address.division, legalRepName: representative.name },
    })),
    licenses: blocks.flatMap((block) => pickLicenses(block)).map(describe),
    addresses: people.map(({ registeredAt: { code, fullText } }) => ({ code, fullText })),
    realEstateUnits: blocks.flatMap(({ units }) => units.slice(0, 2)).map(({ no }) => ({ no })),
    serviceItems,
    grants: readDemoGrants().map(({ id, consumer, resource, items, purposes, division }) => ({
      ...{ id, consumer, resource, items, purposes, division },
    })),
  };
}

function owners(): World['departments'] {
  const byCode = Map.groupBy(readLibraries(), ({ uscc }) => uscc);
  return [...byCode].map(([uscc, libraries]) => ({
    uscc,
    name: libraries[0]?.department ?? '',
    libraries: libraries.map(({ name }) => name),
  }));
}

/** The person richest in facts, then another of the same block who is not of the family. */
function pickPeople(block: Block): Person[] {
  const adults = block.people.filter(
    (person) => person.lifeStatus === 'ALIVE' && person.phone !== null && ageOn(person.birth, today) >= 18,
  );
  const richest = adults.toSorted((one, other) => richness(block, other) - richness(block, one))[0];
  const other = adults.find((person) => person.household !== richest?.household);
  return [richest, ...(block.number === 0 ? [] : [other])].filter((person) => person !== undefined);
}

/** How many of the libraries' questions the person has an answer to. */
function richness({ licenses, entities, credit, units }: Block, person: Person): number {
  const firms = entities.filter(({ representative, state }) => representative === person && state === 'ACTIVE');
  const isFirm = (subject: unknown): boolean => firms.some((firm) => firm === subject);
  const claims = [
    (person.household?.members.length ?? 0) >= 3,
    firms.length > 0,
    credit.permits.some(({ subject }) => isFirm(subject)),
    credit.penalties.some(({ subject }) => isFirm(subject)),
    credit.summaries.some(({ subject, grade }) => subject === person && grade !== null),
    credit.summaries.some(({ subject, grade }) => isFirm(subject) && grade !== null),
    licenses.filter(({ holder, state }) => holder === person && state === 'VALID').length >= 2,
    person.marriage?.spouse !== undefined && person.marriage?.spouse !== null,
    units.some(({ owners: holders }) => holders.some(({ person: holder }) => holder === person)),
    person.insurances.length >= 2,
  ];
  return claims.filter(Boolean).length;
}

function representedFirst(block: Block): Block['entities'] {
  const [first] = pickPeople(block);
  return block.entities.toSorted((one, other) => Number(other.representative === first) - Number(one.representative === first));
}

function pickLicenses({ licenses, entities }: Block): License[] {
  const firmHeld = licenses.find(({ holder }) => holder === entities[0]);
  return [licenses[0], licenses.find(({ state }) => state === 'EXPIRED'), firmHeld].filter((license) => license !== undefined);
}

function describe({ identifier, checkCode, number, type, holder, state }: License): World['licenses'][number] {
  return { identifier, checkCode, number, typeName: licenseTypes[type].name, holderName: holder.name, state };
}
