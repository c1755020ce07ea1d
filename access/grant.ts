/** What a grant gives of an item: the value, a part of it (`@item(mask:)`), or match and mismatch alone (核验). */
export type GrantedAccess = 'READ' | 'MASKED' | 'VERIFY';

/**
 * 授权: what one department may have of one resource. The owner's subgraph keeps and signs it, and only that copy counts; the gateway
 * holds a copy to decide what to ask for.
 */
export type Grant = Readonly<{
  id: string;
  /** Library of the resource. */
  library: string;
  /** 统一社会信用代码 of the department that may use it. */
  consumer: string;
  /** 信息资源代码. */
  resource: string;
  items: readonly Readonly<{ code: string; access: GrantedAccess }>[];
  /** Codes of the service items (实施编码) it may be used for; one of them must come as X-Purpose. At least one. */
  purposes: readonly string[];
  /** Law, regulation or policy it rests on. */
  basis: string;
  /** Division whose rows it reaches, with everything below it. */
  division: string;
  /** Highest sensitivity (敏感级别, 1 to 4) it reaches. 4 opens rows of people under 14, too. */
  level: number;
  /** First and last moment of its term, RFC 3339 in UTC. */
  from: string;
  until: string;
  callsPerDay: number;
  /** Most rows a day: records of the resource that answers hold, or that are asked for, or verified. */
  rowsPerDay: number;
}>;

const ROWS_OF_A_CALL = 100;
const MOST_UNSAID_ROWS = 10_000_000;

/** Rows a day where nobody said how many, as in deeds that were signed before rows were counted. Never more for fewer calls. */
export function usualRowsPerDay(callsPerDay: number): number {
  return Math.min(callsPerDay * ROWS_OF_A_CALL, MOST_UNSAID_ROWS);
}

/** Whether a moment lies in the grant's term. */
export function isInTerm(grant: Pick<Grant, 'from' | 'until'>, now: Date): boolean {
  return Date.parse(grant.from) <= now.getTime() && now.getTime() <= Date.parse(grant.until);
}

/** How a grant's term stands to a moment. */
export type GrantState = 'ACTIVE' | 'NOT_YET' | 'EXPIRED';

export function grantState(grant: Pick<Grant, 'from' | 'until'>, now: Date): GrantState {
  if (isInTerm(grant, now)) return 'ACTIVE';
  return now.getTime() < Date.parse(grant.from) ? 'NOT_YET' : 'EXPIRED';
}

/** The library that keeps a grant or an application, as its number says: `e-license-7f3a…`. */
export function libraryOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('-')));
}

/** Whether a grant is a library's, by what it says and by its number. */
export function isOf({ id, library }: Pick<Grant, 'id' | 'library'>, name: string): boolean {
  return library === name && libraryOf(id) === name;
}

type Limit = Readonly<{ name: string; limit: number }>;

/** What a grant bounds a day, each limit by the name that it is counted under. */
export type GrantLimits = Readonly<{ grant: Grant; calls: Limit; rows: Limit }>;

export const callsOf = (id: string): string => `calls ${id}`;
export const rowsOf = (id: string): string => `rows ${id}`;

export function limitsOf(grant: Grant): GrantLimits {
  const { id, callsPerDay, rowsPerDay } = grant;
  return { grant, calls: { name: callsOf(id), limit: callsPerDay }, rows: { name: rowsOf(id), limit: rowsPerDay } };
}
