import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, expect, test, vi } from 'vitest';
import { openWarrantCheckingKeys, openWarrantKeys } from './follow-keys.ts';
import { openKeyFile, openSecretFile, rotateKeyFile } from './key-file.ts';
import { checkLibraryKeys, openCursorKey, openOwnerKey, openPseudonymKey, openReceiptKey, ownerKeyPath, warrantKeyPath } from './keys.ts';
import { openOwnerCheckingKeys, openOwnerKeys } from './owner-keys.ts';
import { readKeyFile, readSecretFile } from './read-keys-of-file.ts';
import { readTlsFiles } from './read-tls-files.ts';

const root = mkdtempSync(join(tmpdir(), 'longyuan-key-files-'));
afterAll(() => rmSync(root, { recursive: true }));
const newFolder = () => mkdtempSync(join(root, 'data-'));

/** Puts a file in the place of another, as it would be restored or damaged. */
function put(path: string, text: string | Buffer, mode = 0o600): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true, recursive: true });
  writeFileSync(path, text, { mode });
  return path;
}

async function refusal(open: () => Promise<unknown>): Promise<string> {
  return open().then(
    () => 'taken',
    (error: Error) => error.message,
  );
}

const SECRET = Buffer.alloc(32, 7).toString('base64url');
const makeJwk = async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  return { kty: 'OKP', crv: 'Ed25519', x, d };
};
const [own, other] = [await makeJwk(), await makeJwk()];
const { d: _secret, ...publicHalf } = own;
const whole = JSON.stringify({ keys: [{ ...own, kid: 'k1' }] });
const rsa = await generateKeyPair('RS256', { extractable: true }).then(({ privateKey }) => exportJWK(privateKey));
const x25519 = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true }).then(({ privateKey }) => exportJWK(privateKey));

/** Every key of the folder: by whom it is opened, and where it lies. */
const SETS: readonly [name: string, file: string, open: (dataDir: string) => Promise<unknown>][] = [
  ['the warrant key, by the gateway', 'warrant.jwk', (dataDir) => openWarrantKeys({ dataDir, warrantKeyFile: null })],
  ['the warrant key, by a library', 'warrant.jwk', (dataDir) => openWarrantCheckingKeys({ dataDir, warrantKeyFile: null })],
  ['the warrant key, by path', 'given.jwk', (dataDir) => openWarrantKeys({ dataDir, warrantKeyFile: join(dataDir, 'keys/given.jwk') })],
  [
    'its public half, by path',
    'given.jwk',
    (dataDir) => openWarrantCheckingKeys({ dataDir, warrantKeyFile: join(dataDir, 'keys/given.jwk') }),
  ],
  ['an owner’s key, by its library', 'owner-credit.jwk', (dataDir) => openOwnerKey(dataDir, 'credit')],
  ['an owner’s key, as it signs', 'owner-credit.jwk', (dataDir) => openOwnerKeys(dataDir, 'credit').current()],
  ['an owner’s public half, by the gateway', 'owner-credit.jwk', (dataDir) => openOwnerCheckingKeys(dataDir, 'credit')],
];
const SECRETS: typeof SETS = [
  ['the pseudonym key', 'pseudonym.key', openPseudonymKey],
  ['a receipt key', 'receipt-credit.key', (dataDir) => openReceiptKey(dataDir, 'credit')],
  ['a receipt key, at the start', 'receipt-credit.key', (dataDir) => checkLibraryKeys(dataDir, 'credit')],
  ['a cursor key', 'cursor-credit.key', (dataDir) => openCursorKey(dataDir, 'credit')],
  ['a cursor key, at the start', 'cursor-credit.key', (dataDir) => checkLibraryKeys(dataDir, 'credit')],
];
const ANYWHERE: readonly [name: string, content: string | Buffer][] = [
  ['empty', ''],
  ['one byte', 'x'],
  ['a line feed', '\n'],
  ['zeros', Buffer.alloc(43)],
  ['noise', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  ['70,000 bytes', 'A'.repeat(70_000)],
  ['JSON of nothing', 'null'],
];
const BAD_SETS: typeof ANYWHERE = [
  ...ANYWHERE,
  ['half of it', whole.slice(0, whole.length / 2)],
  ['a byte short', whole.slice(0, -1)],
  ['a set without keys', '{"keys":[]}'],
  ['keys that are no list', '{"keys":{}}'],
  ['a list', `[${JSON.stringify(own)}]`],
  ['a key that is null', '{"keys":[null]}'],
  ['of another kind: a secret', SECRET],
  ['of another kind: an RSA key', JSON.stringify(rsa)],
  ['of another kind: an X25519 key', JSON.stringify(x25519)],
  ['a key of another kind beside the right one', JSON.stringify({ keys: [own, rsa] })],
  ['a public half that is too short', JSON.stringify({ ...own, x: own.x.slice(0, 42) })],
  ['a public half in another spelling', JSON.stringify({ ...own, x: `${own.x}=` })],
  ['a secret half that is too long', JSON.stringify({ ...own, d: `${own.d}AAAA` })],
  ['an empty secret half', JSON.stringify({ ...own, d: '' })],
  ['halves of two keys', JSON.stringify({ ...own, d: other.d })],
  [
    'two keys of one kid',
    JSON.stringify({
      keys: [
        { ...own, kid: 'k' },
        { ...other, d: undefined, kid: 'k' },
      ],
    }),
  ],
  ['a kid that is no text', JSON.stringify({ ...own, kid: 1 })],
  ['a key for another use', JSON.stringify({ ...own, use: 'enc' })],
  ['a key that ended, first', JSON.stringify({ keys: [{ ...own, exp: 1 }] })],
  ['an end that is no moment', JSON.stringify({ keys: [own, { ...other, exp: 'soon' }] })],
];
const BAD_SECRETS: typeof ANYWHERE = [
  ...ANYWHERE,
  ['half of it', SECRET.slice(0, 21)],
  ['a character short', SECRET.slice(0, 42)],
  ['a character more', `${SECRET}A`],
  ['a space behind', `${SECRET} `],
  ['two line feeds behind', `${SECRET}\n\n`],
  ['padded', `${SECRET}=`],
  ['bits that no encoding writes', `${SECRET.slice(0, 42)}d`],
  ['base64 with + and /', `${SECRET.slice(0, 40)}+/A`],
  ['of another kind: a JWK set', whole],
];

test.each(SETS)('%s does not start with what is no key, and says which file', async (_name, file, open) => {
  for (const [what, content] of BAD_SETS) {
    const dataDir = newFolder();
    const path = put(join(dataDir, 'keys', file), content);
    expect(await refusal(() => open(dataDir)), what).toMatch(new RegExp(`^${path} .+\\. Restore it from a back-up`));
    // It stays as it was found.
    expect(readFileSync(path)).toEqual(Buffer.from(content));
    expect(readdirSync(dirname(path))).toEqual([file]);
  }
});

test.each(SECRETS)('%s does not start with what is no secret, and says which file', async (_name, file, open) => {
  for (const [what, content] of BAD_SECRETS) {
    const dataDir = newFolder();
    const path = put(join(dataDir, 'keys', file), content);
    expect(await refusal(() => open(dataDir)), what).toMatch(new RegExp(`^${path} .+\\. Restore it from a back-up`));
    expect(readFileSync(path)).toEqual(Buffer.from(content));
  }
});

test('nothing of a key stands in what is said of it', async () => {
  const path = put(join(newFolder(), 'keys', 'warrant.jwk'), JSON.stringify({ ...own, d: other.d }));
  const said = await refusal(() => readKeyFile(path));
  for (const value of [own.x, own.d, other.d]) expect(said).not.toContain(value);
});

test('a secret may end in one line feed, as an editor leaves it; a public half needs no secret', async () => {
  const folder = newFolder();
  expect(await readSecretFile(put(join(folder, 'keys', 'pseudonym.key'), `${SECRET}\n`))).toEqual(Buffer.alloc(32, 7));
  const path = put(join(folder, 'keys', 'given.jwk'), JSON.stringify(publicHalf), 0o644);
  expect(await (await openWarrantCheckingKeys({ dataDir: folder, warrantKeyFile: path })).find('nobody')).toBeNull();
  expect(await refusal(() => openWarrantKeys({ dataDir: folder, warrantKeyFile: path }))).toContain('holds no secret key to sign with');
});

test('a secret that other accounts can get at is refused; a public half only where they can change it', async () => {
  const folder = newFolder();
  chmodSync(folder, 0o755);
  for (const mode of [0o644, 0o640, 0o604, 0o620, 0o602]) {
    const secret = put(join(folder, 'open.key'), SECRET);
    chmodSync(secret, mode);
    expect(await refusal(() => openSecretFile(secret)), mode.toString(8)).toMatch(/open\.key holds a secret and is open.*chmod 600/);
    const set = put(join(folder, 'open.jwk'), whole);
    chmodSync(set, mode);
    expect(await refusal(() => openKeyFile(set)), mode.toString(8)).toContain('open.jwk holds a secret and is open to other accounts');
    chmodSync(put(join(folder, 'half.jwk'), JSON.stringify(publicHalf)), mode);
    const half = await refusal(() => readKeyFile(join(folder, 'half.jwk')));
    if ((mode & 0o022) === 0) expect(half).toBe('taken');
    else expect(half).toContain('half.jwk can be changed by other accounts');
  }
});

test('a key in whose place others can put their own is refused: who is believed would be theirs to say', async () => {
  const folder = newFolder();
  const [half, secret] = [put(join(folder, 'half.jwk'), JSON.stringify(publicHalf), 0o644), put(join(folder, 'a.key'), SECRET)];
  const said = async () => [await refusal(() => readKeyFile(half)), await refusal(() => readSecretFile(secret))];
  for (const mode of [0o777, 0o775, 0o733]) {
    chmodSync(folder, mode);
    for (const each of await said()) expect(each, mode.toString(8)).toMatch(/can be changed by other accounts .*`chmod go-w /);
  }
  for (const mode of [0o755, 0o700, 0o1777, 0o766]) {
    chmodSync(folder, mode);
    expect(await said(), mode.toString(8)).toEqual(['taken', 'taken']);
  }
  expect(await refusal(() => readTlsFiles({ own: null, ca: put(join(newFolder(), 'ca.pem'), 'x') }))).toContain('holds no certificate');
  const authority = put(join(folder, 'ca.pem'), 'x');
  chmodSync(folder, 0o755);
  chmodSync(authority, 0o666);
  expect(await refusal(() => readTlsFiles({ own: null, ca: authority }))).toContain('ca.pem can be changed by other accounts');
});

test('a link is as safe as the place that it leads to', async () => {
  const [closed, open] = [newFolder(), newFolder()];
  chmodSync(open, 0o755);
  const target = put(join(open, 'target.key'), SECRET);
  chmodSync(target, 0o644);
  symlinkSync(target, join(closed, 'pseudonym.key'));
  expect(await refusal(() => readSecretFile(join(closed, 'pseudonym.key')))).toContain('holds a secret and is open to other accounts');
  chmodSync(target, 0o600);
  expect(await refusal(() => readSecretFile(join(closed, 'pseudonym.key')))).toBe('taken');
  symlinkSync(put(join(closed, 'kept.key'), SECRET, 0o644), join(open, 'cursor.key'));
  expect(await refusal(() => readSecretFile(join(open, 'cursor.key')))).toBe('taken');
  chmodSync(open, 0o777);
  expect(await refusal(() => readSecretFile(join(open, 'cursor.key')))).toContain('can be changed by other accounts');
});

test('what is no file is no key', async () => {
  const folder = join(newFolder(), 'keys');
  mkdirSync(join(folder, 'warrant.jwk'), { recursive: true });
  expect(await refusal(() => readKeyFile(join(folder, 'warrant.jwk')))).toContain('warrant.jwk is no file');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'pseudonym.key'));
  expect(await refusal(() => openSecretFile(join(folder, 'pseudonym.key')))).toContain('pseudonym.key is gone');
});

test.each([...SETS, ...SECRETS].filter(([, file]) => file !== 'given.jwk'))(
  '%s that was made and is gone is not made anew in silence',
  async (_name, file, open) => {
    const dataDir = newFolder();
    const path = join(dataDir, 'keys', file);
    const make = () => (file.endsWith('.jwk') ? openKeyFile(path) : openSecretFile(path));
    await make();
    expect(statSync(`${dirname(path)}.made`).mode & 0o777).toBe(0o600);
    await expect(open(dataDir)).resolves.not.toThrow();
    const kept = readFileSync(path);
    // The whole folder, as well.
    rmSync(join(dataDir, 'keys'), { recursive: true });
    if (_name.endsWith('by the gateway') && file.startsWith('owner-')) return;
    expect(await refusal(() => open(dataDir))).toMatch(
      /(is gone, although|there is no such file).* Restore it from a back-up\. A new one is made once .*; then /,
    );
    expect(existsSync(path)).toBe(false);
    put(path, kept);
    await expect(open(dataDir)).resolves.not.toThrow();
    rmSync(path);
    writeFileSync(`${dirname(path)}.made`, '');
    await make();
    expect(readFileSync(path)).not.toEqual(kept);
  },
);

/** As if this much time had gone by. */
async function later<T>(ms: number, run: () => Promise<T>): Promise<T> {
  const nowMs = performance.now();
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.advanceTimersByTime(nowMs + ms);
  return run().finally(() => vi.useRealTimers());
}

test.each(['', 'x', whole.slice(0, 60), JSON.stringify(publicHalf), JSON.stringify(rsa), null])(
  'a file that becomes %j while it is in use changes nothing, and is told once',
  async (content) => {
    const place = { dataDir: newFolder(), warrantKeyFile: null };
    const told: string[] = [];
    const tell = (error: unknown) => void told.push(String(error));
    const gateway = await openWarrantKeys(place, tell);
    await openOwnerKey(place.dataDir, 'credit');
    const [signing, owner] = [await gateway.current(), openOwnerKeys(place.dataDir, 'credit', tell)];
    const { kid } = await owner.current();
    const halves = await openOwnerCheckingKeys(place.dataDir, 'credit', tell);
    const before = [warrantKeyPath(place.dataDir), ownerKeyPath(place.dataDir, 'credit')].map(
      (path) => [path, readFileSync(path)] as const,
    );
    for (const [path] of before) {
      if (content === null) rmSync(path);
      else put(path, content);
    }
    for (const ms of [40_000, 80_000]) {
      await later(ms, async () => {
        expect((await gateway.current()).kid).toBe(signing.kid);
        expect(await gateway.find(signing.kid)).not.toBeNull();
        expect(await gateway.find('made up')).toBeNull();
        expect((await owner.current()).kid).toBe(kid);
        expect(await owner.find(kid)).not.toBeNull();
        // A public half is all that is needed to check with.
        if (content?.startsWith('{"kty":"OKP"') !== true) expect(await halves.find(kid)).not.toBeNull();
      });
    }
    const files = told.map((each) => /[\w-]+\.jwk/.exec(each)?.[0]).toSorted();
    expect(files.filter((file) => file === 'warrant.jwk')).toHaveLength(1);
    expect(new Set(files)).toEqual(new Set(['owner-credit.jwk', 'warrant.jwk']));
    // And is followed again once it is whole.
    for (const [path, kept] of before) put(path, kept);
    await rotateKeyFile(warrantKeyPath(place.dataDir), 100);
    await later(120_000, async () => expect((await gateway.current()).kid).not.toBe(signing.kid));
  },
);

test('of TLS, a file that is no certificate, no key or another one’s key is named', async () => {
  const folder = newFolder();
  const pem = put(join(folder, 'a.pem'), 'x');
  const key = put(join(folder, 'a.key'), 'x');
  for (const text of ['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
    put(pem, text);
    expect(await refusal(() => readTlsFiles({ own: { cert: pem, key }, ca: null }))).toContain(`${pem} `);
    // An authority without a certificate would be anybody's.
    expect(await refusal(() => readTlsFiles({ own: null, ca: pem }))).toContain(`${pem} `);
  }
  expect(await refusal(() => readTlsFiles({ own: null, ca: join(folder, 'none') }))).toContain('none cannot be read (ENOENT)');
});
