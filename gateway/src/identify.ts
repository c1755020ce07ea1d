import { type Caller, PUBLIC } from '@longyuan/schema/src/access/caller.ts';

/**
 * Who calls. Until callers carry tokens and permissions are decided, everyone is the public caller and is answered all the same, which is
 * why the gateway listens on loopback only. This is the one place where that changes.
 */
export function identify(): Caller {
  return PUBLIC;
}
