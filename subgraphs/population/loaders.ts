import type { SealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { manyByKey, oneByKey } from '../serve/rows/batch.ts';
import type { StoreWithHeadCounts } from './keep-head-counts.ts';
import { type PersonSearch, searchPage } from './search-page.ts';
import type {
  AssistanceRow,
  DisabilityRow,
  FoundPerson,
  HouseholdRow,
  InsuranceKind,
  InsuranceRow,
  KinshipKind,
  KinshipRow,
  MarriageRow,
  MemberRow,
  MoveRow,
  PersonRow,
} from './store.ts';

export type PopulationLoaders = ReturnType<typeof makePopulationLoaders>;

/** How one request reads people and what belongs to them: by key, in batches; searches and counts go straight to the store. */
export function makePopulationLoaders(store: StoreWithHeadCounts) {
  return {
    personById: oneByKey<PersonRow>(store.peopleById, (person) => person.id),
    personByIdNumber: oneByKey<FoundPerson>(store.peopleByIdNumber, (person) => person.idNumber),
    // Only members of the households asked for come back, so the number is there.
    members: manyByKey<MemberRow>(store.peopleByHousehold, (person) => person.householdNo ?? ''),
    household: oneByKey<HouseholdRow>(store.households, (household) => household.householdNo),
    marriage: oneByKey<MarriageRow>(store.marriages, (marriage) => marriage.personId),
    kinships: manyByKey<KinshipRow, readonly KinshipKind[] | null>(
      (personIds, _asked, kinds) => store.kinships(personIds, kinds),
      (link) => link.personId,
    ),
    moves: manyByKey<MoveRow>(store.moves, (move) => move.personId),
    insurances: manyByKey<InsuranceRow, readonly InsuranceKind[] | null>(store.insurances, (insurance) => insurance.personId),
    disability: oneByKey<DisabilityRow>(store.disabilities, (disability) => disability.personId),
    assistances: manyByKey<AssistanceRow>(store.assistances, (assistance) => assistance.personId),
    searchPage: (search: PersonSearch, asked: AskedRows, cursors: SealedCursors) => searchPage(search, { asked, store, cursors }),
    countHeads: store.countHeads,
    countHeadsAbove: store.countHeadsAbove,
  };
}
