import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { keepWarrants } from '@longyuan/gateway/src/libraries/warrant-cache.ts';
import { openSecondDoor } from '@longyuan/subgraphs/serve/door/second-door.ts';
import { digestOf, sealCall } from '@longyuan/trust/call-seal.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { signWarrant, verifyWarrant } from '@longyuan/trust/warrant.ts';
import { actAsGateway } from '../test/act-as-gateway.ts';

/**
 * `node bench/second-door.ts`: what warrant and seal cost a call on either side, in microseconds of CPU, for a body of 2 KB (20 entities) and a
 * warrant for 20 fields. Signing and verifying a warrant is done once for many calls; agreeing on a seal, once for a start.
 */
const BLOCKS = 30;
const CALLS = 1_000;
const RARE_CALLS = 50;

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-bench-'));
const library = 'population';
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const owner = await openOwnerKey(dataDir, library);
const key = await keys.current();
const items = Array.from({ length: 20 }, (_, n) => `Person.fieldOfAPerson${n}`);
const warrant = { library, caller: PUBLIC, purpose: null, items };
const representations = Array.from({ length: 20 }, (_, n) => ({ __typename: 'Person', id: String(n).padStart(22, 'k') }));
const query = `query($representations:[_Any!]!){_entities(representations:$representations){...on Person{${items.map((item) => item.slice(7)).join(' ')}}}}`;
const text = JSON.stringify({ query, variables: { representations } });
const raw = Buffer.from(text);
const target = '/graphql';

const door = openSecondDoor({ library, gateway: keys, owner });
const connect = () =>
  actAsGateway({ library, keys, owner, post: async (_path, offer) => ({ answer: await door.agree(JSON.parse(offer).offer) }) });
const gateway = await connect();
const warrantFor = keepWarrants(keys);
let count = 1_000;

async function send(): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', 'x-hub-warrant': await warrantFor(warrant), 'x-request-id': '0123456789abcdef' };
  count += 1;
  return { ...headers, ...sealCall({ method: 'POST', path: target, headers, contentDigest: digestOf(text) }, gateway.key, count) };
}

/** CPU of one call, the median of blocks; what each call needs is made before the clock starts. */
async function measure<Made>(what: string, calls: number, make: () => Promise<Made>, run: (made: Made) => Promise<unknown>): Promise<void> {
  const blocks: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    const made: Made[] = [];
    for (let call = 0; call < calls; call += 1) made.push(await make());
    const before = process.cpuUsage();
    for (const each of made) await run(each);
    const { user, system } = process.cpuUsage(before);
    blocks.push((user + system) / calls);
  }
  const median = blocks.sort((one, other) => one - other)[BLOCKS >> 1] ?? Number.NaN;
  process.stdout.write(`${what}: ${median.toFixed(1)} µs\n`);
}

const nothing = async () => {};
await measure('gateway, each call (warrant kept, digest, seal)', CALLS, nothing, send);
await measure('library, each call (seal, warrant known, digest, nonce)', CALLS, send, async (headers) => {
  const call = await door.admit({ method: 'POST', target, headers });
  if (typeof call === 'string' || !call.isSealedBody(raw)) throw new Error('A good call was refused.');
});
await measure('gateway, a new warrant', RARE_CALLS, nothing, () => signWarrant(warrant, key));
const token = await signWarrant(warrant, key);
await measure('library, a new warrant', RARE_CALLS, nothing, () => verifyWarrant(token, library, keys));
await measure('both sides, a new seal key', RARE_CALLS / 10, nothing, connect);
rmSync(dataDir, { recursive: true });
