import { type Issuer, keepIssuerKeys } from './keep-issuer-keys.ts';
import { type Claimed, readClaims } from './read-claims.ts';
import { makeTokenCheck } from './verify-token.ts';

/** Whom a token speaks of, why it is not believed, or that nothing can be said of it now because its issuer does not answer. */
type TokenFinding =
  | Readonly<{ kind: 'valid'; caller: Claimed }>
  | Readonly<{ kind: 'invalid'; reason: string }>
  | Readonly<{ kind: 'unknown' }>;
/** The check of callers' own tokens, kept open for the issuer's keys. */
export type TokenReader = Readonly<{ read: (token: string) => Promise<TokenFinding>; close: () => Promise<void> }>;

/** Opens the check of the tokens of an issuer. Asks it for nothing before the first token; `onSilence` is told when it does not answer. */
export function openTokenReader(issuer: Issuer, onSilence: (error: unknown) => void): TokenReader {
  const keys = keepIssuerKeys(issuer, onSilence);
  const check = makeTokenCheck(issuer, keys.find);
  return {
    read: async (token) => {
      const verified = await check(token);
      if (verified.kind !== 'valid') return verified;
      const caller = readClaims(verified.claims);
      return caller ? { kind: 'valid', caller } : { kind: 'invalid', reason: 'its claims name no caller of the hub' };
    },
    close: keys.close,
  };
}
