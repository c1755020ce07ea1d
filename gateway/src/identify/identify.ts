import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { reasonsOfTokens } from '@longyuan/schema/src/words/reasons.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { SERVICE_ITEM_CODE } from '@longyuan/settings/purposes.ts';
import { keepIssuerKeys } from '@longyuan/trust/keep-issuer-keys.ts';
import { readClaims } from '@longyuan/trust/read-claims.ts';
import { subjectKeyRoute } from '@longyuan/trust/routes/subject-key.ts';
import { makeTokenCheck, type Verified } from '@longyuan/trust/verify-token.ts';
import { LRUCache } from 'lru-cache';
import type { LibraryWay } from '../libraries/library-source.ts';
import { askOwner, type SealedCalls } from '../libraries/sealed-calls.ts';
import { httpRefusal, type Refusal } from '../request/http-refusals.ts';

/** Who asks and what for; or why the request is refused as a whole. `challenge` is the value of WWW-Authenticate (RFC 6750). */
export type Identified =
  | Readonly<{ kind: 'identified'; caller: Caller; purpose: string | null }>
  | Readonly<{ kind: 'refused'; refusal: Refusal; challenge: string | null }>;

type Refused = Extract<Identified, { kind: 'refused' }>;
type Told = Readonly<{ kind: 'caller'; caller: Caller; expiresAtMs: number }> | Refused;

/** Callers that are known by their token, some 300 bytes each; the one not seen for longest goes first. */
const MOST_KNOWN = 20_000;
/** Asks for a login. */
export const CHALLENGE = 'Bearer realm="longyuan"';

/**
 * Makes the one place where a request becomes a caller. A token is verified once and known by its hash until it expires; a refused one is
 * not remembered. `personKeys` null: no library of this hub knows persons.
 */
export function makeIdentify(parts: {
  check: (token: string) => Promise<Verified>;
  personKeys: PersonKeys | null;
  now?: () => number;
}): (headers: IncomingHttpHeaders, requestId: string) => Promise<Identified> {
  const { check, personKeys, now = Date.now } = parts;
  const known = countKept('callers', new LRUCache<string, Promise<Told>>({ max: MOST_KNOWN }));

  async function identifyToken(token: string, requestId: string): Promise<Told> {
    const name = hash('sha256', token, 'base64');
    const kept = known.get(name);
    const told = kept && (await kept);
    if (told && (told.kind === 'refused' || told.expiresAtMs > now())) return told;
    const asked = ask(token, requestId);
    known.set(name, asked);
    const forget = (): void => {
      if (known.get(name) === asked) known.delete(name);
    };
    asked.then((told) => told.kind === 'refused' && forget(), forget);
    return asked;
  }

  async function ask(token: string, requestId: string): Promise<Told> {
    const verified = await check(token);
    if (verified.kind === 'unknown') return SILENT;
    if (verified.kind === 'invalid') return refuseToken(verified.reason);
    const claimed = readClaims(verified.claims);
    if (!claimed) return refuseToken(reasonsOfTokens.TOKEN_NOBODY.en);
    const { expiresAtMs } = verified;
    if (claimed.kind !== 'person') return { kind: 'caller', caller: claimed, expiresAtMs };
    const { sub, idNumber } = claimed;
    const person = personKeys ? await personKeys.keyOf(idNumber, requestId) : ({ kind: 'nobody' } as const);
    if (person.kind === 'unavailable') return NO_PERSON_KEYS;
    // A person of whom no row is held: a key of their own, which is that of no row and the same with each of their tokens, as their share is one.
    return {
      kind: 'caller',
      caller: { kind: 'citizen', sub, person: person.kind === 'known' ? person.key : keyOfNobody(sub) },
      expiresAtMs,
    };
  }

  return async (headers, requestId) => {
    const { authorization } = headers;
    let caller = PUBLIC;
    // An empty header is none: whoever sends it has no token to send.
    if (authorization) {
      const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1];
      if (token === undefined) return refuseToken(reasonsOfTokens.TOKEN_MISSING.en);
      const told = await identifyToken(token, requestId);
      if (told.kind === 'refused') return told;
      caller = told.caller;
    }
    const purpose = readPurpose(headers[PURPOSE_HEADER]);
    return purpose === undefined ? WRONG_PURPOSE : { kind: 'identified', caller, purpose };
  };
}

/** In the form of a UUID; what persons' keys are made with is no part of it. */
function keyOfNobody(sub: string): string {
  return hash('sha256', `nobody ${sub}`, 'hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function refuseToken(reason: string): Refused {
  return {
    kind: 'refused',
    refusal: httpRefusal(401, 'TOKEN_NOT_VALID', { reason }),
    challenge: `${CHALLENGE}, error="invalid_token", error_description="${reason.replaceAll('"', '')}"`,
  };
}

const SILENT: Refused = {
  kind: 'refused',
  refusal: httpRefusal(503, 'TOKEN_UNCHECKED'),
  challenge: null,
};

const NO_PERSON_KEYS: Refused = {
  kind: 'refused',
  refusal: httpRefusal(503, 'PERSON_UNKNOWN_NOW'),
  challenge: null,
};

const WRONG_PURPOSE: Refused = {
  kind: 'refused',
  refusal: httpRefusal(400, 'PURPOSE_MALFORMED'),
  challenge: null,
};

/** The header in which a caller says what for: the code of a service item (政务服务事项实施编码). */
const PURPOSE_HEADER = 'x-purpose';

/** The purpose that a header names, null where it names none; undefined where it is malformed. */
export function readPurpose(header: string | readonly string[] | undefined): string | null | undefined {
  if (header === undefined || header === '') return null;
  return typeof header === 'string' && SERVICE_ITEM_CODE.test(header) ? header : undefined;
}

/** What the library that knows persons says of a citizen number. */
type PersonKey = Readonly<{ kind: 'known'; key: string }> | Readonly<{ kind: 'nobody' }> | Readonly<{ kind: 'unavailable' }>;

export type PersonKeys = Readonly<{ keyOf(idNumber: string, requestId: string): Promise<PersonKey>; close(): void }>;

/** Logins that wait for an answer; more are refused at once. */
const MAX_CALLS = 256;
const MAX_ANSWER_BYTES = 1_000;
/** The way to the library that turns a citizen number into the person's key: once for a token, never for a request. */
export function openPersonKeys(way: Readonly<{ callSealed: SealedCalls; timeoutMs: number }>): PersonKeys {
  // A call serves every request of its token, so none of them ends it.
  const cancellations = new Set<() => void>();

  async function keyOf(idNumber: string, requestId: string): Promise<PersonKey> {
    if (cancellations.size >= MAX_CALLS) return { kind: 'unavailable' };
    // Who asks is just what is not known yet.
    const order = { caller: PUBLIC, requestId, cancellations, timeoutMs: way.timeoutMs, maxBytes: MAX_ANSWER_BYTES };
    const told = await askOwner(way.callSealed, subjectKeyRoute, { idNumber }, order);
    if (told.kind !== 'told') return { kind: 'unavailable' };
    const { key } = told.answer;
    return key === null ? { kind: 'nobody' } : { kind: 'known', key };
  }
  return {
    keyOf,
    close: () => {
      for (const cancel of [...cancellations]) cancel();
    },
  };
}

export type Identity = Readonly<{ identify: ReturnType<typeof makeIdentify>; close(): Promise<void> }>;

/** Who asks: tokens of the one issuer, and the way to the library that knows persons. Asks neither before the first token comes. */
export function openIdentity(parts: {
  settings: Settings;
  log: Logger;
  libraries: readonly Library[];
  ways: ReadonlyMap<string, Pick<LibraryWay, 'callForHub'>>;
}): Identity {
  const { settings, log, libraries, ways } = parts;
  const keys = keepIssuerKeys(settings.identity, (error) => log.warn({ err: error }, 'the keys of the identity provider cannot be had'));
  const keeper = ways.get(libraries.find((library) => library.personKeys)?.name ?? '');
  const personKeys = keeper ? openPersonKeys({ callSealed: keeper.callForHub, timeoutMs: settings.libraryTimeoutMs }) : null;
  return {
    identify: makeIdentify({ check: makeTokenCheck(settings.identity, keys.find), personKeys }),
    close: async () => {
      personKeys?.close();
      await keys.close();
    },
  };
}
