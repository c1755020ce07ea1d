import type { DishonestRow, PenaltyRow, PermitRow } from './store.ts';

export const recordKinds = ['PERMIT', 'PENALTY', 'DISHONEST'] as const;
export type RecordKind = (typeof recordKinds)[number];

/** A credit record of any kind, with the GraphQL type that shows it. */
export type CreditRecord = Readonly<{ __typename: 'PermitDecision' | 'Penalty' | 'DishonestRecord'; id: number }>;

/** The records of one subject in one list, the latest decided or published first; of one day, permits before penalties before the courts' list. */
export function mergeRecords(rows: {
  permits: readonly PermitRow[];
  penalties: readonly PenaltyRow[];
  dishonest: readonly DishonestRow[];
}): readonly CreditRecord[] {
  const records = [
    ...rows.permits.map((row) => ({ on: row.decidedOn, record: { ...row, __typename: 'PermitDecision' as const } })),
    ...rows.penalties.map((row) => ({ on: row.decidedOn, record: { ...row, __typename: 'Penalty' as const } })),
    ...rows.dishonest.map((row) => ({ on: row.publishedOn, record: { ...row, __typename: 'DishonestRecord' as const } })),
  ];
  return records.sort((left, right) => right.on.getTime() - left.on.getTime()).map(({ record }) => record);
}
