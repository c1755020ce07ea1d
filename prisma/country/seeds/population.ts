import type { Block } from '../generate/block.ts';
import { addYears, type Day, dayText } from '../generate/calendar.ts';
import { confirmedAt } from '../generate/confirmed-at.ts';
import type { Person } from '../generate/people.ts';
import { registrationOffice } from '../generate/registration-office.ts';
import type { LibrarySeed, Row, Rows } from '../load/library-seed.ts';

const population: LibrarySeed = {
  tables: {
    Household: ['householdNo', 'kind', 'address', 'division'],
    Person: [
      ...[
        'id',
        'idNumber',
        'name',
        'sex',
        'ethnicity',
        'birthDate',
        'minorUntil',
        'lifeStatus',
        'deathDate',
        'deathCause',
        'birthDivision',
      ],
      ...['householdNo', 'relationToHead', 'registeredAddress', 'registeredDivision', 'residenceAddress'],
      ...['idCardValidFrom', 'idCardValidTo', 'idCardAuthority', 'education', 'occupation', 'photo', 'phone', 'confirmedAt'],
    ],
    Marriage: ['personId', 'state', 'registeredOn', 'authority', 'certificateNo', 'spouseId'],
    Kinship: ['personId', 'kind', 'relativeId'],
    Move: ['id', 'personId', 'movedOn', 'from', 'to', 'reason'],
    Insurance: ['personId', 'kind', 'state', 'since', 'months', 'division'],
    Disability: ['personId', 'certificateNo', 'category', 'grade', 'validTo'],
    Assistance: ['id', 'personId', 'kind', 'from', 'to', 'monthlyAmount'],
  },
  rows: makeRows,
};
export default population;

function makeRows(block: Block): Rows {
  const { people, households, place } = block;
  const office = registrationOffice(place);
  const rows = {
    Household: households.map(({ householdNo, kind, address }): Row => [householdNo, kind, address.id, place.code]),
    Person: people.map((person) => personRow(block, person, office)),
    Marriage: [] as Row[],
    Kinship: [] as Row[],
    Move: [] as Row[],
    Insurance: [] as Row[],
    Disability: [] as Row[],
    Assistance: [] as Row[],
  };
  for (const { id, marriage, kin, moves, insurances, disability, assistance } of people) {
    if (marriage) {
      const { state, registeredOn, authority, certificateNo, spouse } = marriage;
      rows.Marriage.push([id, state, dayOrNull(registeredOn), authority, certificateNo, spouse?.id ?? null]);
    }
    for (const { kind, relative } of kin) rows.Kinship.push([id, kind, relative.id]);
    for (const move of moves) rows.Move.push([move.id, id, dayText(move.on), move.from, move.to, move.reason]);
    for (const { kind, state, since, months, division } of insurances)
      rows.Insurance.push([id, kind, state, dayText(since), months, division]);
    if (disability)
      rows.Disability.push([id, disability.certificateNo, disability.category, disability.grade, dayText(disability.validTo)]);
    for (const aid of assistance) rows.Assistance.push([aid.id, id, aid.kind, dayText(aid.from), dayOrNull(aid.to), aid.monthlyAmount]);
  }
  return rows;
}

function personRow({ number, place }: Block, person: Person, office: string): Row {
  const { idCard } = person;
  return [
    person.id,
    person.idNumber,
    person.name,
    person.sex,
    person.ethnicity,
    dayText(person.birth),
    dayText(addYears(person.birth, 14)),
    person.lifeStatus,
    dayOrNull(person.death),
    person.deathCause,
    person.birthDivision,
    person.household?.householdNo ?? null,
    person.relationToHead,
    person.registeredAt.id,
    place.code,
    person.residesAt?.id ?? null,
    idCard ? dayText(idCard.from) : null,
    dayOrNull(idCard?.to ?? null),
    idCard ? office : null,
    person.education,
    person.occupation,
    person.photo,
    person.phone,
    confirmedAt('daily', number * 128 + person.ordinal),
  ];
}

function dayOrNull(day: Day | null): string | null {
  return day === null ? null : dayText(day);
}
