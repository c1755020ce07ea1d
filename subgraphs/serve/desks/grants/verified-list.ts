import type { DeedRow, GrantStore, ListedRow, StoredHead } from '@longyuan/prisma/store/grants/grant-store.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { type GrantDeed, readDeed } from '@longyuan/trust/grant-deed.ts';
import { digestOfList, digestOfRow, type GrantHead, readHead } from '@longyuan/trust/grant-head.ts';
import { readRevocation } from '@longyuan/trust/grant-revocation.ts';
import { type HeadMark, type HeadMarks, markOf } from '@longyuan/trust/head-marks.ts';

/** A row of the list that was looked at. `deed` null: revoked, ended long ago, or not as its owner signed it. */
export type KnownRow = ListedRow & Readonly<{ version: number; isAltered: boolean; isOver: boolean; deed: GrantDeed | null }>;
/** The list as its signed head has it. `signature` is the head's own. */
export type VerifiedList = Readonly<{ head: GrantHead; signature: string; rows: ReadonlyMap<string, KnownRow> }>;

/** The list as a whole is not what its owner signed last; the message says what is wrong. Nothing in it can be relied on. */
export class UntrustedList extends Error {}

type ListParts = Readonly<{
  library: string;
  store: Pick<GrantStore, 'stamp' | 'list' | 'deeds'>;
  keys: CheckingKeys;
  marks: Pick<HeadMarks, 'read' | 'raise'>;
  /** Signs the list of a store that never had a head; false where another process did meanwhile. */
  signFirst: () => Promise<boolean>;
  log: Pick<Logger, 'error'>;
}>;

/** Most rows of one list, ended and revoked ones too. */
export const MOST_LISTED = 100_000;
/** A grant whose term is over is still known for so long, so that its holder is told that it was the term. */
const ENDED_DAYS = 30;
const PAGE = 1_000;
/** Looks in a row that may find the rows changed since their list was read. */
const MOST_LOOKS = 5;

/**
 * Makes the look at a library's list. It gives what was found: the same object as before where nobody has written anything. A row that is
 * not as it was signed is not used, and reported.
 * @throws UntrustedList, and what the database says.
 */
export function openVerifiedList(parts: ListParts): () => Promise<VerifiedList> {
  const { library, store, keys, marks, log } = parts;
  let known: VerifiedList | null = null;
  let stamp = '';
  /** The furthest head that this process has seen; what it saw before it started lies with the keys. */
  let mark: HeadMark | null = null;

  return async () => {
    const stampNow = await store.stamp();
    if (known && stampNow === stamp) return known;
    for (let looks = 1; ; looks += 1) {
      const found = await look();
      if (found) {
        known = found;
        stamp = stampNow;
        return found;
      }
      if (looks === MOST_LOOKS) throw new Error('The list of grants changes faster than it can be read.');
    }
  };

  /** Null where something was written while it was looked at. */
  async function look(): Promise<VerifiedList | null> {
    const { head: stored, rows: listed } = await store.list();
    mark = higher(mark, await marks.read().catch(unreadable));
    if (!mark && (stored?.content ?? null) === null) {
      // No head was ever seen here: a new store, or one of a hub that did not sign its list.
      await parts.signFirst();
      return null;
    }
    const { head, signature, content } = await checkHead(stored, mark);
    if (listed.length > MOST_LISTED) throw new UntrustedList(`has more than ${MOST_LISTED} rows`);
    if (listed.length !== head.grants || digestOfList(listed) !== head.digest)
      throw new UntrustedList('is not the one that its head was signed over: a row was written, added or deleted');
    const rows = await readRows(listed);
    if (!rows) return null;
    if (!mark || head.version > mark.version) {
      mark = markOf(head.version, content);
      await marks.raise(mark).catch((error: unknown) => {
        // A revocation counts all the same; only a roll-back behind it would go unseen after a restart.
        log.error({ library, err: error }, 'how far the list of grants has come cannot be written beside the keys');
      });
    }
    // Written since the look before, and read by it.
    const isSame =
      known?.signature === signature && known.rows.size === rows.size && [...rows].every(([id, row]) => known?.rows.get(id) === row);
    return isSame ? known : { head, signature, rows };
  }

  async function checkHead(
    stored: StoredHead | null,
    seen: HeadMark | null,
  ): Promise<{ head: GrantHead; content: string; signature: string }> {
    if (stored?.content == null || stored.signature === null) throw new UntrustedList('has no signed head any more');
    const { content, signature } = stored;
    const head = await readHead({ content, signature }, keys);
    if (!head || head.library !== library) throw new UntrustedList('has a head that no key of its owner signed');
    if (head.epoch !== stored.epoch || head.version !== stored.version)
      throw new UntrustedList('has a head whose epoch or version is not the signed one');
    if (seen && head.version < seen.version)
      throw new UntrustedList(`is older than this owner has seen it: change ${head.version}, and it had come to ${seen.version}`);
    if (seen && head.version === seen.version && markOf(head.version, content).digest !== seen.digest)
      throw new UntrustedList('has another head than this owner has seen of the same count');
    return { head, content, signature };
  }

  /** Every row, those not seen before looked at; null where one was written since the list was read. */
  async function readRows(listed: readonly ListedRow[]): Promise<ReadonlyMap<string, KnownRow> | null> {
    const before = known?.rows;
    const unread = listed.filter(({ id, digest, stamp: at }) => {
      const row = before?.get(id);
      return row?.digest !== digest || row.stamp !== at;
    });
    const read = new Map<string, KnownRow>();
    for (let from = 0; from < unread.length; from += PAGE) {
      const page = unread.slice(from, from + PAGE);
      const rows = new Map((await store.deeds(page.map(({ id }) => id))).map((row) => [row.id, row]));
      for (const each of page) {
        const row = rows.get(each.id);
        if (row?.digest !== each.digest || row.stamp !== each.stamp) return null;
        read.set(each.id, await readRow(row));
      }
    }
    const all = listed.flatMap(({ id }) => read.get(id) ?? before?.get(id) ?? []);
    return new Map(all.sort((one, other) => one.version - other.version).map((row) => [row.id, row]));
  }

  async function readRow(row: DeedRow): Promise<KnownRow> {
    const { id, digest, stamp: at, version } = row;
    const about = { id, digest, stamp: at, version };
    const deed = await readDeed(row, keys);
    const finding = (await findFault(row, deed)) ?? null;
    if (finding !== null) {
      log.error({ library, grant: id, finding }, 'a grant is not as its owner signed it, and is not used');
      return { ...about, isAltered: true, isOver: false, deed: null };
    }
    const isOver = !deed || Date.parse(deed.until) < Date.now() - ENDED_DAYS * 86_400_000;
    return { ...about, isAltered: false, isOver, deed: row.revocation !== null || isOver ? null : deed };
  }

  /** What of a row is not as it was signed; undefined where all is. */
  async function findFault(row: DeedRow, deed: GrantDeed | null): Promise<string | undefined> {
    if (digestOfRow(row) !== row.digest) return 'the row is not the one that the head was signed over';
    // The name of the row is in what was signed: under another one a deed would outlive its own revocation.
    if (!deed || deed.id !== row.id || deed.library !== library) return 'no key of its owner signed its deed';
    const agrees = deed.consumer === row.consumer && deed.application === row.application && isAt(row.until, deed.until);
    if (!agrees) return 'its columns are not those of its deed';
    if (row.revocation === null) return row.revokedAt === null ? undefined : 'its revocation is not signed';
    const revocation = await readRevocation({ content: row.revocation, signature: row.revocationSignature ?? '' }, keys);
    if (!revocation || revocation.grant !== row.id || revocation.library !== library) return 'no key of its owner signed its revocation';
    const isSame =
      isAt(row.revokedAt, revocation.revokedAt) && row.revokedBy === revocation.revokedBy && row.revokedFor === revocation.revokedFor;
    return isSame ? undefined : 'its columns are not those of its revocation';
  }
}

function isAt(column: unknown, moment: string): boolean {
  // An infinite timestamp comes as a number.
  return column instanceof Date && column.getTime() === Date.parse(moment);
}

/** Told as what it is: the log says of other errors neither what they say nor, before the first look succeeded, that there are any. */
function unreadable(error: unknown): never {
  throw new UntrustedList(`cannot be held against what its owner has seen of it: ${error instanceof Error ? error.message : 'unknown'}`);
}

function higher(one: HeadMark | null, other: HeadMark | null): HeadMark | null {
  if (!one || !other) return one ?? other;
  return other.version > one.version ? other : one;
}
