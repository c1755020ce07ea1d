import { grantRoutes } from '@longyuan/trust/routes/grants.ts';
import { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import { ownRowsRoute } from '@longyuan/trust/routes/own-rows.ts';
import { qualityRoutes } from '@longyuan/trust/routes/quality.ts';
import type { Route } from '@longyuan/trust/routes/route.ts';
import { sealRoute } from '@longyuan/trust/routes/seal.ts';
import { subjectKeyRoute } from '@longyuan/trust/routes/subject-key.ts';

type Fields = Readonly<Record<string, unknown>>;
type Specimen = Readonly<{ name: string; route: Route; question: Fields; answer: Fields }>;

const terms = {
  ...{ resource: '104004/1', items: [{ code: 'X001', access: 'READ' }], purposes: ['p'], basis: 'b', scenario: 's' },
  ...{ division: '620000', level: 3, until: '2027-01-01T00:00:00Z', callsPerDay: 10 },
};
const tally = { id: 'Payer.no UNIQUE', rows: 2, failing: 1, samples: ['1'] };

/** For tests: of each route a question and an answer as they travel, without what may be left out. */
export const specimens: readonly Specimen[] = [
  { name: 'seal', route: sealRoute, question: { offer: 'a.b.c' }, answer: { answer: 'a.b.c' } },
  { name: 'subject-key', route: subjectKeyRoute, question: { idNumber: '11010519491231002X' }, answer: { key: 'p1' } },
  { name: 'own-rows', route: ownRowsRoute, question: { library: 'geospatial' }, answer: { told: 'a.b.c' } },
  {
    ...{ name: 'holdings', route: holdingsRoute, question: {} },
    answer: {
      ...{ measuredAt: '2026-11-24T03:00:00.000Z', asOf: '2026-11-24T00:00:00.000Z', unlisted: [{ table: 'Person', column: 'note' }] },
      tables: [{ resource: '104004/1', rows: 5, newestAt: null, oldestAt: null, overdue: 0, items: { X001: 5 } }],
    },
  },
  {
    ...{ name: 'quality: outline', route: qualityRoutes.outline, question: { ask: 'outline' } },
    answer: { tables: ['Payer'], unique: [{ id: tally.id, table: 'Payer', isIndexed: true }], unmeasurable: [] },
  },
  {
    ...{ name: 'quality: rows', route: qualityRoutes.rows, question: { ask: 'rows', table: 'Payer', after: null } },
    answer: {
      rows: 2,
      next: null,
      tallies: [tally],
      references: [{ id: 'Payer.guarantor REFERS Payer.id', rows: 1, keys: [['1', null]] }],
    },
  },
  {
    ...{ name: 'quality: unique', route: qualityRoutes.unique, question: { ask: 'unique', id: tally.id, after: 'sealed' } },
    answer: { tally, next: 'sealed' },
  },
  {
    ...{ name: 'quality: missing', route: qualityRoutes.missing, question: { ask: 'missing', key: 'Payer.id', keys: ['1'] } },
    answer: { missing: ['1'] },
  },
  {
    ...{ name: 'quality: find', route: qualityRoutes.find, question: { ask: 'find', resource: '102009/1', record: 'x' } },
    answer: { key: null },
  },
  {
    ...{ name: 'grants: list', route: grantRoutes.list, question: { epoch: 'e', version: 1 } },
    answer: {
      place: { epoch: 'e', version: 2 },
      isWhole: false,
      isLast: true,
      changes: [null, { version: 2, ended: 'x' }],
      isStale: false,
    },
  },
  {
    ...{ name: 'grants: applications', route: grantRoutes.applications, question: { state: null, limit: 20 } },
    answer: { applications: [null, { no: 'x' }], total: null },
  },
  { name: 'grants: apply', route: grantRoutes.apply, question: terms, answer: { application: { no: 'x' } } },
  {
    ...{ name: 'grants: answer', route: grantRoutes.answer, question: { no: 'credit-1', decision: 'GRANT' } },
    answer: { application: { no: 'x' } },
  },
  {
    ...{ name: 'grants: revoke', route: grantRoutes.revoke, question: { id: 'credit-2', reason: 'r' } },
    answer: { application: { no: 'x' } },
  },
];

/** What is read by itself, whatever it is. */
const READ_APART = ['application'];

/** For tests: a question or an answer without each of its fields in turn, and with something of another type in the place of each. */
export function damaged(whole: Fields): readonly (readonly [what: string, value: Fields])[] {
  return Object.keys(whole).flatMap((name) => {
    const { [name]: _left, ...rest } = whole;
    const isRead = !READ_APART.includes(name);
    return [
      [`without ${name}`, rest] as const,
      ...(isRead ? [[`another ${name}`, { ...whole, [name]: { of: 'another type' } }] as const] : []),
    ];
  });
}
