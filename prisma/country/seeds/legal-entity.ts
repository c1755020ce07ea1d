import type { Block } from '../generate/block.ts';
import { type Day, dayText } from '../generate/calendar.ts';
import { confirmedAt } from '../generate/confirmed-at.ts';
import type { Entity } from '../generate/entities.ts';
import type { LibrarySeed, Row, Rows } from '../load/library-seed.ts';

const CURRENCY = 'CNY';

const legalEntity: LibrarySeed = {
  tables: {
    LegalEntity: [
      ...[
        'uscc',
        'name',
        'kind',
        'typeCode',
        'legalRepName',
        'legalRep',
        'registeredCapital',
        'registeredCapitalCurrency',
        'establishedOn',
      ],
      ...['termFrom', 'termTo', 'addressText', 'address', 'division', 'industry', 'businessScope', 'authorityName', 'state', 'approvedOn'],
      ...['endedOn', 'endReason', 'taxCreditGrade', 'taxArrears', 'insuredEmployees', 'payrollState', 'phone', 'confirmedAt'],
    ],
    Shareholder: ['uscc', 'ordinal', 'name', 'entity', 'person', 'subscribed', 'paid', 'currency'],
    Officer: ['uscc', 'ordinal', 'name', 'position', 'person'],
    RegistrationChange: ['uscc', 'ordinal', 'on', 'item', 'before', 'after'],
    AnnualReport: ['uscc', 'year', 'filedOn', 'published', 'employees', 'assets', 'revenue', 'taxPaid'],
    Listing: ['uscc', 'ordinal', 'kind', 'reason', 'on', 'removedOn', 'authority'],
  },
  rows: makeRows,
};
export default legalEntity;

function makeRows({ entities, number }: Block): Rows {
  const rows = {
    LegalEntity: entities.map((entity, place) => entityRow(entity, number * 16 + place)),
    Shareholder: [] as Row[],
    Officer: [] as Row[],
    RegistrationChange: [] as Row[],
    AnnualReport: [] as Row[],
    Listing: [] as Row[],
  };
  for (const { uscc, shareholders, officers, changes, reports, listings } of entities) {
    for (const [place, { person, entity, subscribed, paid }] of shareholders.entries()) {
      const name = person?.name ?? entity?.name ?? '';
      rows.Shareholder.push([uscc, place + 1, name, entity?.uscc ?? null, person?.id ?? null, subscribed, paid, CURRENCY]);
    }
    for (const [place, { person, position }] of officers.entries()) rows.Officer.push([uscc, place + 1, person.name, position, person.id]);
    for (const [place, { on, item, before, after }] of changes.entries()) {
      rows.RegistrationChange.push([uscc, place + 1, dayText(on), item, before, after]);
    }
    for (const { year, filedOn, published, employees, assets, revenue, taxPaid } of reports) {
      rows.AnnualReport.push([uscc, year, dayText(filedOn), published, employees, assets, revenue, taxPaid]);
    }
    for (const [place, { kind, reason, on, removedOn, authority }] of listings.entries()) {
      rows.Listing.push([uscc, place + 1, kind, reason, dayText(on), dayOrNull(removedOn), authority]);
    }
  }
  return rows;
}

function entityRow(entity: Entity, number: number): Row {
  const { address, representative, capital } = entity;
  const inside = `${address.building ?? ''}${address.room === null ? '' : `${address.room}室`}`;
  return [
    entity.uscc,
    entity.name,
    entity.kind,
    entity.typeCode,
    representative.name,
    representative.id,
    capital,
    capital === null ? null : CURRENCY,
    dayText(entity.establishedOn),
    dayText(entity.establishedOn),
    dayOrNull(entity.termTo),
    address.fullText + inside,
    address.id,
    address.division,
    entity.industryCode,
    entity.scope,
    entity.authorityName,
    entity.state,
    dayText(entity.approvedOn),
    dayOrNull(entity.endedOn),
    entity.endReason,
    entity.taxGrade,
    entity.taxArrears,
    entity.insuredEmployees,
    entity.payrollState,
    entity.phone,
    confirmedAt('daily', number),
  ];
}

function dayOrNull(day: Day | null): string | null {
  return day === null ? null : dayText(day);
}
