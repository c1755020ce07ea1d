import { expect, inject, test } from 'vitest';
import { openDatabase } from './open-database.ts';

const hub = inject('embedded');
const ENTITIES = '/public/datasets/102001~1';

async function askPublic(query: string) {
  const response = await fetch(`${hub.url}/public/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data?: Record<string, unknown>; errors?: { message: string }[] };
}

const complaint = async (query: string) => (await askPublic(query)).errors?.map((error) => error.message);

test('the public asks what is open, and sees only that in the schema', async () => {
  const { data } = await askPublic('{ division(code: "620102") { name path { name } } }');
  expect(data).toEqual({ division: { name: '城关区', path: [{ name: '甘肃省' }, { name: '兰州市' }, { name: '城关区' }] } });
  const seen = JSON.stringify(
    await askPublic('{ __schema { mutationType { name } types { name } } hidden: __type(name: "Person") { name } }'),
  );
  expect(seen).toContain('"hidden":null');
  expect(seen).toContain('"mutationType":null');
  expect(seen).not.toMatch(/"(Person|LicenseHolder|StandardAddress|RealEstateUnit|Marriage)"/);
});

test.each([
  ['{ person(idNumber: "629901198704270021") { name } }', 'person'],
  ['{ legalEntities(usccs: []) { phone } }', 'phone'],
  ['{ legalEntities(usccs: []) { legalRep { name } } }', 'legalRep'],
  ['{ legalEntities(usccs: []) { credit { grade } } }', 'grade'],
])('%s reads as if there were no such thing', async (query, name) => {
  const nothing = 'nothingOfTheKind';
  const asked = await complaint(query);
  const never = await complaint(query.replace(name, nothing));
  expect(asked).toBeDefined();
  expect(asked).toEqual(never?.map((message) => message.replaceAll(nothing, name)));
});

test('the file of legal entities holds every one of them once, under named columns', async () => {
  const database = await openDatabase(hub, 'legal-entity');
  const rows = await database.rows('SELECT uscc FROM legal_entity."LegalEntity" ORDER BY uscc');
  await database.close();
  const text = await (await fetch(`${hub.url}${ENTITIES}.ndjson`)).text();
  const sent = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(sent.map((entity) => entity['uscc']).sort()).toEqual(rows.map((row) => row['uscc']).sort());
  expect(Object.keys(sent[0] ?? {})).not.toContain('phone');
  const [header = '', ...lines] = (await (await fetch(`${hub.url}${ENTITIES}.csv`)).text()).trim().split('\r\n');
  expect(header).toMatch(/^\uFEFF?uscc,name,kind,/);
  expect(lines.length).toBeGreaterThanOrEqual(rows.length);
});

test('a file is sent again only when it has changed', async () => {
  const first = await fetch(`${hub.url}${ENTITIES}.csv`);
  await first.text();
  const again = await fetch(`${hub.url}${ENTITIES}.csv`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
  const inChinese = await fetch(`${hub.url}${ENTITIES}.csv?lang=zh`);
  await inChinese.text();
  expect(inChinese.headers.get('etag')).toMatch(/^W\//);
  expect(inChinese.headers.get('etag')).not.toBe(first.headers.get('etag'));
  expect([first.status, again.status]).toEqual([200, 304]);
});

test('a file is read on from where it was left, and nothing is missing or twice', async () => {
  const whole = await (await fetch(`${hub.url}${ENTITIES}.ndjson`)).text();
  let parts = '';
  let next: string | undefined = `${ENTITIES}.ndjson?limit=70`;
  while (next) {
    const part: Response = await fetch(new URL(next, hub.url));
    expect(part.status).toBe(200);
    parts += await part.text();
    next = /<([^>]+)>;\s*rel="?next"?/.exec(part.headers.get('link') ?? '')?.[1];
    // Whole, so that it leads on from wherever it is read.
    if (next) expect(next).toMatch(new RegExp(`^http://localhost:${new URL(hub.url).port}${ENTITIES}.ndjson\\?limit=70&after=`));
  }
  expect(parts.trim().split('\n')).toEqual(whole.trim().split('\n'));
});

test('every file that the catalogue lists is there, and nobody’s citizen number is in any', { timeout: 180_000 }, async () => {
  const text = await (await fetch(`${hub.url}/public/catalog.jsonld`)).text();
  const addresses = [...new Set([...text.matchAll(/"(http[^"]+\/public\/datasets\/[^"#]+)"/g)].map((match) => match[1] ?? ''))];
  expect(addresses.length).toBeGreaterThan(5);
  for (const address of addresses) {
    const answer = await fetch(address);
    expect([address, answer.status]).toEqual([address, 200]);
    expect(await answer.text()).not.toMatch(/"idNumber"|629901(19|20)\d{10}[\dX]/);
  }
  expect((await fetch(`${hub.url}/public/datasets/101001~1.csv`)).status).toBe(404);
});
