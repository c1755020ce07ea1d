import { createPrivateKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { KeyFault } from './key-fault.ts';
import { readKeyText, refuseForeignHand, refuseOpenSecret } from './read-key-text.ts';

/** A key of a key file. `exp`: the second after which nothing of this key is accepted; only keys that were replaced have one. */
export type KeptJwk = Readonly<{ kty: 'OKP'; crv: 'Ed25519'; x: string; d?: string; kid: string; exp?: number }>;

const KEY_BYTES = 32;
const MOST_KID_CHARACTERS = 256;

/**
 * The Ed25519 keys of a file, the one to sign with first, then those that were replaced. The file holds a JWK set or a single JWK, and
 * nothing that is no such key.
 * @throws KeyFault that names the file, what is wrong with it and what to do.
 */
export async function readKeyFile(path: string): Promise<readonly KeptJwk[]> {
  const read = await readKeyText(path);
  const told = parse(read.text, path);
  const keys: readonly unknown[] = isRecord(told) && 'keys' in told ? listIn(told['keys'], path) : [told];
  const kept = await Promise.all(keys.map((jwk, place) => readKey(jwk, { path, place: `key ${place + 1}` })));
  const [first] = kept;
  if (!first) throw new KeyFault(path, 'holds no key');
  if (first.exp !== undefined) throw new KeyFault(path, 'begins with a key that was replaced (it has exp): the one to sign with is gone');
  if (new Set(kept.map(({ kid }) => kid)).size < kept.length) throw new KeyFault(path, 'holds two keys of one kid');
  if (kept.some(({ d }) => d !== undefined)) refuseOpenSecret(path, read);
  refuseForeignHand(path, read);
  return kept;
}

/**
 * The secret of a file: 32 bytes as 43 characters in base64url, with one line feed behind them or none.
 * @throws KeyFault that names the file, what is wrong with it and what to do.
 */
export async function readSecretFile(path: string): Promise<Buffer> {
  const read = await readKeyText(path);
  const secret = readBytes(read.text.replace(/\n$/, ''));
  if (!secret) throw new KeyFault(path, 'does not hold a secret of the hub (32 bytes: 43 characters in base64url, and nothing else)');
  refuseOpenSecret(path, read);
  refuseForeignHand(path, read);
  return secret;
}

type Place = Readonly<{ path: string; place: string }>;

async function readKey(jwk: unknown, at: Place): Promise<KeptJwk> {
  const fault = (finding: string) => new KeyFault(at.path, `is damaged, or of another kind: ${at.place} ${finding}`);
  if (!isRecord(jwk)) throw fault('is no JWK');
  const { kty, crv, x, d, kid, exp, alg = 'EdDSA', use = 'sig' } = jwk;
  if (kty !== 'OKP' || crv !== 'Ed25519') throw fault('is no Ed25519 key');
  if ((alg !== 'EdDSA' && alg !== 'Ed25519') || use !== 'sig') throw fault('is not for signatures with EdDSA');
  if (typeof x !== 'string' || !readBytes(x)) throw fault('has no public half (x) of 32 bytes');
  if (d !== undefined && (typeof d !== 'string' || !readBytes(d))) throw fault('has no secret half (d) of 32 bytes');
  if (d !== undefined && !isPair({ kty, crv, x, d })) throw fault('has halves that do not belong together');
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > MOST_KID_CHARACTERS)) throw fault('has no proper kid');
  if (exp !== undefined && (typeof exp !== 'number' || !Number.isSafeInteger(exp) || exp < 0)) throw fault('has an exp that is no moment');
  return {
    ...{ kty, crv, x },
    ...(d !== undefined && { d }),
    kid: kid ?? (await calculateJwkThumbprint({ kty, crv, x })),
    ...(exp !== undefined && { exp }),
  };
}

function isPair(jwk: Readonly<{ kty: string; crv: string; x: string; d: string }>): boolean {
  try {
    // Refuses an x that is not that of the d.
    createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

/** 32 bytes in the one base64url spelling they have; null for anything else. */
function readBytes(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === KEY_BYTES && bytes.toString('base64url') === text ? bytes : null;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeyFault(path, 'is damaged, or of another kind: it is no JSON');
  }
}

function listIn(keys: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(keys)) throw new KeyFault(path, 'is damaged, or of another kind: its keys are no list');
  return keys;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
