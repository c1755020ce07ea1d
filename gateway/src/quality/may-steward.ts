/** Who asks, as far as it matters here: the internal developer of a hub that decides nothing yet, or a caller with a token. */
type Asking = Readonly<{ kind: string; uscc?: string; role?: string }>;

/** Whether the caller acts for the owner of the data as its steward: sees keys of failing rows, has data measured, answers objections. */
export function maySteward(caller: Asking, ownerUscc: string): boolean {
  if (caller.kind === 'internal-developer') return true;
  return caller.kind === 'department' && caller.role === 'steward' && caller.uscc === ownerUscc;
}

/** What is kept of an objector: the kind of caller, and the department where it is one. Never a person. */
export function objectorOf(caller: Asking): Readonly<{ kind: string; department: string | null }> {
  return { kind: caller.kind, department: caller.kind === 'department' ? (caller.uscc ?? null) : null };
}
