import { createHash, randomBytes } from 'node:crypto';
import { ANY, mayDo } from '@longyuan/access/offices.ts';
import type { ApplicationRow, GrantStore } from '@longyuan/prisma/store/grants/grant-store.ts';
import { namesAPerson } from '@longyuan/schema/src/names-a-person.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/refuse.ts';
import { canonicalJson } from '@longyuan/trust/canonical-json.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { isApplicationSigned, signApplication } from '@longyuan/trust/grant-application.ts';
import { type GrantDeed, signDeed } from '@longyuan/trust/grant-deed.ts';
import { signRevocation } from '@longyuan/trust/grant-revocation.ts';
import { checkTerms, narrowTerms, rowsOf, type TermsRules } from './check-terms.ts';
import { readSomeTerms, readStoredTerms, readTerms, wrong } from './grant-terms.ts';
import { MOST_GRANTS, type OwnGrants } from './own-grants.ts';
import { type ToldApplication, tellApplication } from './tell-application.ts';
import type { DepartmentCaller } from './verified-caller.ts';
import { UntrustedList } from './verified-list.ts';

/** What is asked of an owner: bodies as they came, callers as their own tokens say. All return the application as it stands afterwards. */
export type GrantOffice = Readonly<{
  apply(caller: DepartmentCaller, told: Told): Promise<ToldApplication>;
  answer(caller: DepartmentCaller, told: Told): Promise<ToldApplication>;
  revoke(caller: DepartmentCaller, told: Told): Promise<ToldApplication>;
}>;
type Told = Readonly<Record<string, unknown>>;

type OfficeParts = Readonly<{
  library: Readonly<{ name: string; title: string; department: string; uscc: string }>;
  store: GrantStore;
  grants: Pick<OwnGrants, 'change' | 'size' | 'isListed'>;
  keys: SigningKeys;
  rules: TermsRules;
  now?: () => Date;
}>;

const MOST_TEXT = 1_000;
/** Applications of one department that wait for an answer. */
const MOST_OPEN = 200;

/**
 * Where a library's owner is applied to: checks who may do what, writes it down, and signs what is granted with the owner's key. The rights
 * are those of `access/offices.ts`; no root can check them, because whose application or grant it is, and of which division, is known here alone.
 */
export function openGrantOffice(parts: OfficeParts): GrantOffice {
  const { library, store, grants, keys, rules, now = () => new Date() } = parts;

  async function apply(caller: DepartmentCaller, told: Told): Promise<ToldApplication> {
    if (!mayDo(caller, 'apply', { department: caller.uscc, division: ANY })) throw refuse('DEVELOPERS_APPLY');
    if (caller.uscc === library.uscc) {
      throw badUserInput('Mutation.apply(input:).resource', 'OWN_RESOURCE');
    }
    const at = now();
    const terms = readTerms(told, at);
    checkTerms('Mutation.apply(input:)', terms, rules, at);
    if (!mayDo(caller, 'apply', { department: caller.uscc, division: terms.division })) {
      throw wrong('Mutation.apply(input:)', 'division', 'OWN_DIVISION');
    }
    const waiting = await store.countApplications({ consumer: caller.uscc, divisions: null, state: 'OPEN', after: null });
    if (waiting >= MOST_OPEN) throw badUserInput('Mutation.apply(input:)', 'TOO_MANY_OPEN', { number: MOST_OPEN });
    const no = makeNumber(library.name);
    // The moment is no part of what is asked: who sends the same twice did not mean two.
    const asked = typeof told['from'] === 'string' ? terms : { ...terms, from: null };
    const digest = createHash('sha256')
      .update(canonicalJson([caller.uscc, asked]))
      .digest('hex');
    const taken = { library: library.name, no, consumer: caller.uscc, terms: canonicalJson(terms) };
    const signature = await signApplication(taken, await keys.current());
    const isNew = await store.addApplication({ ...taken, signature, digest, by: caller.sub, at });
    if (!isNew) throw badUserInput('Mutation.apply(input:)', 'SAME_APPLICATION');
    return find(no);
  }

  async function answer(caller: DepartmentCaller, told: Told): Promise<ToldApplication> {
    if (!mayDo(caller, 'answerApplication', { department: library.uscc, division: ANY })) {
      throw refuse('STEWARDS_ANSWER', { department: library.department });
    }
    const no = readText('Mutation.answer(no:)', told['no']);
    const reason = told['reason'] === undefined || told['reason'] === null ? null : readReason('Mutation.answer(reason:)', told['reason']);
    const application = await store.application(no);
    // Of another region's application nobody learns that there is one.
    if (!application || !mayDo(caller, 'answerApplication', { department: library.uscc, division: divisionOf(application) })) {
      throw badUserInput('Mutation.answer(no:)', 'NUMBER_OF_APPLICATION');
    }
    if (application.state !== 'OPEN') throw answeredAlready();
    const at = now();
    const by = { no, by: caller.sub, at, reason };
    if (told['decision'] === 'REFUSE') {
      if (reason === null) throw badUserInput('Mutation.answer(reason:)', 'REASON_OF_REFUSAL');
      if (!(await store.refuse(by))) throw answeredAlready();
      return find(no);
    }
    if (told['decision'] !== 'GRANT') throw badUserInput('Mutation.answer(decision:)', 'GRANT_OR_REFUSE');
    if (grants.size() >= MOST_GRANTS) throw refuse('NO_ROOM', { library: library.name, number: MOST_GRANTS });
    const asked = readStoredTerms(application.terms);
    if (!asked) throw badUserInput('Mutation.answer(no:)', 'READABLE_APPLICATION');
    if (!(await isApplicationSigned({ ...application, library: library.name }, application.signature, keys)))
      throw badUserInput('Mutation.answer(no:)', 'UNALTERED_APPLICATION');
    const terms = narrowTerms(asked, readSomeTerms('Mutation.answer(terms:)', readObject(told['terms'])));
    checkTerms('Mutation.answer(terms:)', terms, rules, at);
    const { scenario: _scenario, ...granted } = terms;
    const deed: GrantDeed = {
      ...granted,
      rowsPerDay: rowsOf(terms),
      id: makeNumber(library.name),
      library: library.name,
      consumer: application.consumer,
      application: no,
      answeredBy: caller.sub,
      answeredAt: at.toISOString(),
    };
    const signed = await signDeed(deed, await keys.current());
    const outcome = await change(async (version) => ({
      row: { ...signed, id: deed.id, version, revocation: null, revocationSignature: null },
      write: (digest, head) => store.grant(by, deed, { ...signed, digest }, head),
    }));
    if (outcome === 'closed') throw answeredAlready();
    return find(no);
  }

  async function revoke(caller: DepartmentCaller, told: Told): Promise<ToldApplication> {
    const id = readText('Mutation.revokeGrant(id:)', told['id']);
    const reason = readReason('Mutation.revokeGrant(reason:)', told['reason']);
    const application = await store.applicationOfGrant(id);
    // Of another department's grant, or another region's, nobody learns that there is one.
    const division = application && divisionOf(application);
    const isTheirs =
      application !== null &&
      (mayDo(caller, 'revokeGrant', { department: library.uscc, division }) ||
        mayDo(caller, 'giveBackGrant', { department: application.consumer, division }));
    if (!isTheirs) {
      throw mayDo(caller, 'revokeGrant', { department: library.uscc, division: ANY }) || caller.uscc !== library.uscc
        ? badUserInput('Mutation.revokeGrant(id:)', 'GRANT_OF_DEPARTMENT')
        : refuse('STEWARDS_REVOKE', { department: library.department });
    }
    const revocation = { library: library.name, grant: id, revokedAt: now().toISOString(), revokedBy: caller.sub, revokedFor: reason };
    const signed = await signRevocation(revocation, await keys.current());
    const outcome = await change(async (version) => {
      const [row] = await store.deeds([id]);
      if (!row || row.revocation !== null) return null;
      return {
        row: { ...row, version, revocation: signed.content, revocationSignature: signed.signature },
        write: (digest, head) => store.revoke(revocation, { ...signed, digest }, head),
      };
    });
    if (outcome === 'closed') throw badUserInput('Mutation.revokeGrant(id:)', 'REVOKED_BEFORE');
    return find(application.no);
  }

  async function change(next: Parameters<OwnGrants['change']>[0]): ReturnType<OwnGrants['change']> {
    return grants.change(next).catch((error: unknown) => {
      // What is written on top of a list that nobody can rely on would be lost with it.
      if (!(error instanceof UntrustedList)) throw error;
      throw refuse('LIST_IN_DOUBT', { library: library.name });
    });
  }

  async function find(no: string): Promise<ToldApplication> {
    const row = await store.application(no);
    if (!row) throw new Error('An application that was just written is not there.');
    return tellApplication(row, { library, grants, keys });
  }
  return { apply, answer, revoke };
}

/** Division of the grant, or of what was asked for where none was given; the empty text, which lies nowhere, where neither can be read. */
function divisionOf({ granted, terms }: Pick<ApplicationRow, 'granted' | 'terms'>): string {
  try {
    const { division } = readObject(JSON.parse(granted?.content ?? terms));
    return typeof division === 'string' ? division : '';
  } catch {
    return '';
  }
}

function answeredAlready(): Error {
  return badUserInput('Mutation.answer(no:)', 'ANSWERED_ALREADY');
}

/** `credit-7f3k…`: the name says which library keeps it; the rest cannot be guessed or counted up. */
function makeNumber(library: string): string {
  return `${library}-${randomBytes(12).toString('hex')}`;
}

function readText(argument: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > MOST_TEXT) throw badUserInput(argument, 'TEXT_OF', { number: MOST_TEXT });
  // It would be kept as another text than is signed.
  if (!text.isWellFormed()) throw badUserInput(argument, 'WELL_FORMED');
  return text;
}

/** It is kept, and stewards and auditors read it. */
function readReason(argument: string, value: unknown): string {
  const reason = readText(argument, value);
  if (namesAPerson(reason)) throw badUserInput(argument, 'NAMES_NOBODY');
  return reason;
}

function readObject(value: unknown): Told {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
