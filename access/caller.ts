/**
 * Who asks, as the unified identity authentication (统一身份认证) said. `sub` names the account and nothing else; citizen numbers are no
 * part of it: `person` is the opaque key that population makes of one.
 */
export type Caller =
  /** Anyone without a token. */
  | Readonly<{ kind: 'public' }>
  /** 自然人: a person who asks for themselves. */
  | Readonly<{ kind: 'citizen'; sub: string; person: string }>
  /** 经办人: a person who acts for one legal entity, and sees what that entity may see. */
  | Readonly<{ kind: 'agent'; sub: string; uscc: string }>
  /** 部门: `region` is the division it works for, beyond which it reads, grants and revokes nothing, its own included; null: no bound. */
  | Readonly<{ kind: 'department'; sub: string; uscc: string; role: 'developer' | 'steward'; region: string | null }>
  /** 审计: looks at records and coverage, never at values. */
  | Readonly<{ kind: 'auditor'; sub: string }>;

/** The caller without a token. */
export const PUBLIC: Caller = Object.freeze({ kind: 'public' });

/** Keys of the rows that are the caller's own: of a person, or of the entity an agent acts for. Empty for everyone else. */
export function ownSubjects(caller: Caller): readonly string[] {
  switch (caller.kind) {
    case 'citizen':
      return [caller.person];
    case 'agent':
      return [caller.uscc];
    default:
      return [];
  }
}

/** Names whose share of what is scarce a caller's work takes: each account's of a person or entity, a whole department's, and one for all the public. */
export function roomOf(caller: Caller): string {
  switch (caller.kind) {
    case 'public':
    case 'auditor':
      return caller.kind;
    case 'citizen':
      return `citizen ${caller.person}`;
    default:
      return `${caller.kind} ${caller.uscc}`;
  }
}

/** Whether a value that came from outside (a token, a warrant) is a caller. */
export function isCaller(value: unknown): value is Caller {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const said: Readonly<Record<string, unknown>> = { ...value };
  const isText = (name: string) => typeof said[name] === 'string' && said[name] !== '';
  switch (said['kind']) {
    case 'public':
      return true;
    case 'citizen':
      return isText('sub') && isText('person');
    case 'agent':
      return isText('sub') && isText('uscc');
    case 'department':
      return (
        isText('sub') &&
        isText('uscc') &&
        (said['role'] === 'developer' || said['role'] === 'steward') &&
        (said['region'] === null || isText('region'))
      );
    case 'auditor':
      return isText('sub');
    default:
      return false;
  }
}
