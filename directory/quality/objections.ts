import { randomUUID } from 'node:crypto';
import type { Caller } from '@longyuan/access/caller.ts';
import { mayDo } from '@longyuan/access/offices.ts';
import type { Quotas } from '@longyuan/inner/quotas.ts';
import { textOfMoment } from '@longyuan/schema/src/moment.ts';
import { namesAPerson } from '@longyuan/schema/src/names-a-person.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/refuse.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { LibraryQuestions } from './measure-library.ts';
import { dueDay, MOST_A_DAY, objectorOf, raiserOf, roomOf } from './objection-room.ts';
import type { ObjectionRow, ObjectionStore, Outcome } from './objection-store.ts';

export type RaiseInput = Readonly<{ resource: string; item?: string | null; record: string; reason: string }>;
export type AnswerInput = Readonly<{ id: string; outcome: Outcome; answer: string }>;

export type Objections = Readonly<{
  /**
   * Takes in an objection to one record of a resource on the hub. The owner's library turns the name of the record into its own key, and
   * only that is kept; a record that does not exist is taken in alike, so nobody learns here which exist.
   * @throws GraphQLError where the resource or item is not on the hub, the words name a person, or the owner's library does not answer,
   * and RATE_LIMITED where the caller has raised as many today as one may, or callers like them have as many open.
   */
  raise(caller: Caller, input: RaiseInput): Promise<ObjectionRow>;
  /** @throws GraphQLError where the caller is not the owner's steward, or there is no such open objection; both alike. */
  answer(caller: Caller, input: AnswerInput): Promise<ObjectionRow>;
}>;

export function openObjections(parts: {
  facts: SharingFacts;
  questions: LibraryQuestions;
  store: ObjectionStore;
  quotas: Pick<Quotas, 'spend'>;
}): Objections {
  const { facts, questions, store, quotas } = parts;
  return {
    async raise(caller, { resource, item = null, record, reason }) {
      const home = facts.types.find((type) => type.resource?.code === resource);
      if (!home) throw badUserInput('ObjectionInput.resource', 'RESOURCE_ON_HUB');
      const fields = item === null ? [] : facts.fieldsOfItem(item);
      if (item !== null && !fields.some((field) => facts.resourcesOver(field).includes(resource)))
        throw badUserInput('ObjectionInput.item', 'ITEM_OF_RESOURCE');
      refusePersons('ObjectionInput.reason', reason);
      await refuseBeyondDay(quotas, caller);
      const recordKey = await questions.find(home.library.name, resource, record);
      const { kind, department } = objectorOf(caller);
      const raisedAt = new Date();
      const objection = {
        ...{ id: randomUUID(), providerUscc: home.library.uscc, resource, item, recordKey, reason, raisedAt },
        ...{ raisedByKind: kind, raisedByDepartment: department, dueOn: dueDay(raisedAt.getTime()) },
      };
      const { most, full } = roomOf(caller);
      if (!(await store.raise(objection, most))) throw refuse(full, { resource, number: most });
      return { ...objection, answeredAt: null, outcome: null, answer: null };
    },
    async answer(caller, { id, outcome, answer }) {
      refusePersons('ObjectionAnswer.answer', answer);
      const objection = await store.byId(id);
      const isTheirs = objection !== null && mayDo(caller, 'answerObjection', { department: objection.providerUscc, division: null });
      if (!isTheirs || !(await store.answer(id, objection.providerUscc, outcome, answer)))
        throw badUserInput('ObjectionAnswer.id', 'OPEN_OBJECTION');
      return (await store.byId(id)) ?? objection;
    },
  };
}

/** Counted as the calls of a grant are. */
async function refuseBeyondDay(quotas: Pick<Quotas, 'spend'>, caller: Caller): Promise<void> {
  const id = raiserOf(caller);
  if (id === null) return;
  const spending = await quotas.spend([{ name: `objections ${id}`, limit: MOST_A_DAY, amount: 1 }]);
  if (spending.kind === 'exceeded') {
    const resetsAt = textOfMoment(new Date(spending.resetsAtMs));
    throw refuse('OBJECTIONS_A_DAY', { number: MOST_A_DAY, moment: resetsAt }, { resetsAt });
  }
}

function refusePersons(argument: string, words: string): void {
  if (namesAPerson(words)) throw badUserInput(argument, 'NAMES_NOBODY');
}
