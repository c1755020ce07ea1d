import { createHash } from 'node:crypto';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { LRUCache } from 'lru-cache';
import type { AccessFacts } from './access-facts.ts';
import type { Caller } from './caller.ts';
import { type Decision, decide, EVERYTHING, refused, refuseList, type Standing, type ToldKeys } from './decide.ts';
import type { Grant } from './grant.ts';

/**
 * What one caller may have now: the decision over every item, made once. `fingerprint` names what an operation is pruned to, so callers
 * who may see the same fields have the same one, whichever rows they reach.
 */
export type AccessSet = Readonly<{
  standing: Standing;
  fingerprint: string;
  /** Over the value of a field; structure is for everyone but where it lists rows (`@lists`), an undeclared field for nobody. */
  ofField: (type: string, field: string) => Decision;
  /** Over an item that an argument reads; an unknown code is for nobody. */
  ofItem: (code: string) => Decision;
  /** What `workOut` makes of it, once for as long as it is kept. `by`: who asks, one of a few for the life of the process. */
  once: <Value>(by: object, workOut: () => Value) => Value;
}>;

const UNKNOWN = { code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' } as const;
const NOBODY = refused(UNKNOWN);

/** Decides over the items of `facts` for one standing, each when it is first asked for. */
export function makeAccessSet(facts: AccessFacts, standing: Standing): AccessSet {
  const fields = new Map<string, Decision>();
  const items = new Map<string, Decision>();
  let fingerprint: string | undefined;
  const ofField = (type: string, field: string): Decision => {
    const coordinate = `${type}.${field}`;
    let decision = fields.get(coordinate);
    if (!decision) {
      const access = facts.ofField(type, field);
      // What is not declared is the caller's invention, and there is no end to that.
      if (access === undefined) return NOBODY;
      const unlisted = access.listOf ? refuseList(access.listOf, standing) : null;
      if (unlisted) decision = refused(unlisted);
      else decision = access.item === null ? EVERYTHING : decide(access.item, standing);
      fields.set(coordinate, decision);
    }
    return decision;
  };
  const ofItem = (code: string): Decision => {
    let decision = items.get(code);
    if (!decision) {
      const item = facts.ofItem(code);
      if (!item) return NOBODY;
      decision = decide(item, standing);
      items.set(code, decision);
    }
    return decision;
  };
  return {
    standing,
    get fingerprint() {
      fingerprint ??= fingerprintOf(facts, standing, { ofField, ofItem });
      return fingerprint;
    },
    ofField,
    ofItem,
    once: onceOfEach(),
  };
}

/** Makes the `once` of an access set. */
export function onceOfEach(): AccessSet['once'] {
  const worked = new Map<object, unknown>();
  // Nobody but who worked it out asks by this.
  return <Value>(by: object, workOut: () => Value) => worked.getOrInsertComputed(by, workOut) as Value;
}

function fingerprintOf(facts: AccessFacts, { caller, told }: Standing, access: Pick<AccessSet, 'ofField' | 'ofItem'>): string {
  // Whoever is no department is decided over by the kind of caller, and by whether their own rows can be told: only the rows differ.
  if (caller.kind !== 'department') return [caller.kind, ...facts.toldTypes.filter((type) => told?.of(type) === null)].join(' ');
  const print = createHash('sha256');
  for (const coordinate of facts.decidedFields) {
    const [type = '', field = ''] = coordinate.split('.');
    print.update(shapeOf(access.ofField(type, field)));
  }
  for (const code of facts.itemCodes) print.update(shapeOf(access.ofItem(code)));
  return print.digest('base64url').slice(0, 22);
}

function shapeOf({ refusal, verifyRefusal, wholeRefusal }: Decision): string {
  // Arguments that read an item need its whole value: an item that is masked alone is another shape.
  return `${nameOf(wholeRefusal)}/${nameOf(refusal)}/${nameOf(verifyRefusal)};`;
}

/** What a caller is told of a refusal: who shares a pruning is told the same. */
function nameOf(refusal: Decision['refusal']): string {
  return refusal ? `${refusal.code}${refusal.missing}` : '';
}

/** Where the grants of a department are known; `version` changes with any of them. */
export type KnownGrants = Readonly<{
  grantsOf(consumer: string): readonly Grant[];
  version(): number;
  /** Libraries of whose grants it is not known now which are in force; left out: none. The version changes as they do. */
  untoldBy?(): ReadonlySet<string>;
}>;

const NONE: ReadonlySet<string> = new Set();

/** The rows that were told to be a citizen's own, with a name that is the same for the same keys alone. */
export type NamedKeys = ToldKeys & Readonly<{ name: string }>;

/** What a caller may have now, for a purpose (code of a service item). */
export type AccessOf = (caller: Caller, purpose: string | null, told?: NamedKeys) => AccessSet;

/** Of those that asked last. With all that was decided for it, one takes some 70 KB. */
const MOST_KEPT = 400;

/** Holds from the moment it was decided to before `untilMs`, where a term begins or is over. */
type Kept = Readonly<{ access: AccessSet; version: number; fromMs: number; untilMs: number }>;

/**
 * Makes the access sets of callers, decided once for a caller and purpose and kept until a grant changes or one of the caller's begins or
 * ends by the clock. Used by the gateway over all libraries, and by an owner over its own.
 */
export function keepAccessSets(parts: { facts: AccessFacts; grants: KnownGrants; now?: () => number }): AccessOf {
  const { facts, grants, now = Date.now } = parts;
  const kept = countKept('access sets', new LRUCache<string, Kept>({ max: MOST_KEPT }));
  return (caller, purpose, told) => {
    const name = nameOfCaller(caller, purpose, told);
    const version = grants.version();
    const at = now();
    const known = kept.get(name);
    if (known && known.version === version && known.fromMs <= at && at < known.untilMs) return known.access;
    const ofCaller = caller.kind === 'department' ? grants.grantsOf(caller.uscc) : [];
    const untoldBy = grants.untoldBy?.() ?? NONE;
    const access = makeAccessSet(facts, { caller, purpose, grants: ofCaller, now: new Date(at), untoldBy, ...(told && { told }) });
    kept.set(name, { access, version, fromMs: at, untilMs: nextTurn(ofCaller, at) });
    return access;
  };
}

/** The first moment after this one at which a term begins, or is over: it reaches to its last millisecond. */
function nextTurn(grants: readonly Grant[], atMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { from, until } of grants) {
    for (const turn of [Date.parse(from), Date.parse(until) + 1]) if (turn > atMs && turn < next) next = turn;
  }
  return next;
}

/** What the decision depends on: departments and not their people, the purpose of departments alone, and what was told of citizens alone. */
function nameOfCaller(caller: Caller, purpose: string | null, told: NamedKeys | undefined): string {
  switch (caller.kind) {
    case 'citizen':
      return `citizen ${caller.person} ${told?.name ?? ''}`;
    case 'agent':
      return `agent ${caller.uscc}`;
    case 'department':
      return `department ${caller.uscc} ${caller.role} ${caller.region ?? ''} ${purpose ?? ''}`;
    default:
      return caller.kind;
  }
}
