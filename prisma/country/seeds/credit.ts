import type { Block } from '../generate/block.ts';
import { type Day, dayText } from '../generate/calendar.ts';
import { confirmedAt } from '../generate/confirmed-at.ts';
import type { Entity } from '../generate/entities.ts';
import { licenseTypes } from '../generate/license-types.ts';
import { isPerson } from '../generate/licenses.ts';
import type { Person } from '../generate/people.ts';
import type { LibrarySeed, Row, Rows } from '../load/library-seed.ts';

const subjectColumns = ['subjectKey', 'subjectIsEntity', 'division'];
const recordColumns = ['recordedOn', 'source', 'publishUntil', 'repaired', 'confirmedAt'];

const credit: LibrarySeed = {
  tables: {
    CreditSummary: [...subjectColumns, 'grade', 'gradedOn', 'seriousDishonest', 'listed', 'confirmedAt'],
    PermitDecision: [
      ...['id', ...subjectColumns, 'documentName', 'documentNo', 'category', 'licenseName', 'licenseNo', 'content', 'decidedOn'],
      ...['validFrom', 'validTo', 'authority', 'authorityUscc', ...recordColumns],
    ],
    Penalty: [
      ...['id', ...subjectColumns, 'documentNo', 'violation', 'facts', 'basis', 'categories', 'content', 'fine', 'confiscated'],
      ...['revokedLicense', 'decidedOn', 'validTo', 'authority', 'authorityUscc', 'procedure', ...recordColumns],
    ],
    DishonestRecord: [
      ...['id', ...subjectColumns, 'subjectName', 'maskedIdentifier', 'court', 'caseNo', 'filedOn', 'publishedOn'],
      ...['basisNo', 'performance', 'behaviour', ...recordColumns],
    ],
    JointMeasure: ['subjectKey', 'ordinal', 'kind', 'content', 'basis'],
    CreditRepair: ['no', 'subjectKey', 'penaltyId', 'state', 'appliedOn', 'decidedOn'],
    CreditPromise: ['no', 'subjectKey', 'subject', 'promisedOn', 'kept'],
  },
  rows: makeRows,
};
export default credit;

function makeRows(block: Block): Rows {
  const { permits, penalties, dishonesties, repairs, promises, summaries } = block.credit;
  const place = block.place.county.code;
  const subjectOf = (subject: Person | Entity): Row => [keyOf(subject), !isPerson(subject), place];
  const confirmed = (number: number): string => confirmedAt('daily', block.number * 512 + number);
  return {
    CreditSummary: summaries.map(
      ({ subject, grade, gradedOn, seriousDishonest, listed }, nth): Row => [
        ...subjectOf(subject),
        ...[grade, dayOrNull(gradedOn), seriousDishonest, listed, confirmed(nth)],
      ],
    ),
    PermitDecision: permits.map(
      ({ id, subject, documentNo, category, license, content, authority, recordedOn, publishUntil }): Row => [
        ...[id, ...subjectOf(subject), `${content}决定书`, documentNo, category, licenseTypes[license.type].name, license.number, content],
        ...[dayText(license.issuedOn), dayText(license.issuedOn), dayOrNull(license.validTo), authority.name, authority.code],
        ...[dayText(recordedOn), authority.name, dayOrNull(publishUntil), false, confirmed(id)],
      ],
    ),
    Penalty: penalties.map(
      (penalty): Row => [
        ...[
          penalty.id,
          ...subjectOf(penalty.subject),
          penalty.documentNo,
          penalty.violation,
          penalty.facts,
          penalty.basis,
          penalty.categories,
        ],
        ...[penalty.content, penalty.fine, penalty.confiscated, penalty.license?.number ?? null, dayText(penalty.decidedOn)],
        ...[dayOrNull(penalty.validTo), penalty.authority.name, penalty.authority.code, penalty.procedure, dayText(penalty.recordedOn)],
        ...[penalty.authority.name, dayOrNull(penalty.publishUntil), penalty.repaired, confirmed(penalty.id)],
      ],
    ),
    DishonestRecord: dishonesties.map(
      (record): Row => [
        ...[record.id, ...subjectOf(record.subject), record.subject.name, record.maskedIdentifier, record.court, record.caseNo],
        ...[dayText(record.filedOn), dayText(record.publishedOn), record.basisNo, record.performance, record.behaviour],
        ...[dayText(record.recordedOn), record.court, dayOrNull(record.publishUntil), false, confirmed(record.id)],
      ],
    ),
    JointMeasure: summaries.flatMap(({ subject, measures }) =>
      measures.map(({ kind, content, basis }, nth): Row => [keyOf(subject), nth + 1, kind, content, basis]),
    ),
    CreditRepair: repairs.map(
      ({ no, subject, penalty, state, appliedOn, decidedOn }): Row => [
        ...[no, keyOf(subject), penalty.id, state, dayText(appliedOn), dayOrNull(decidedOn)],
      ],
    ),
    CreditPromise: promises.map(({ no, subject, about, promisedOn, kept }): Row => [no, keyOf(subject), about, dayText(promisedOn), kept]),
  };
}

function keyOf(subject: Person | Entity): string {
  return isPerson(subject) ? subject.id : subject.uscc;
}

function dayOrNull(day: Day | null): string | null {
  return day === null ? null : dayText(day);
}
