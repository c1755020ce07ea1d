import type { Caller } from '@longyuan/trust/warrant.ts';

const INTERNAL_DEVELOPER: Caller = Object.freeze({ kind: 'internal-developer' });

/**
 * Who calls. Until callers carry tokens and permissions are decided, everyone is the internal developer, which is why the gateway
 * listens on loopback only. This is the one place where that changes.
 */
export function identify(): Caller {
  return INTERNAL_DEVELOPER;
}
