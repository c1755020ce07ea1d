import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { beforeAll, expect, inject, test } from 'vitest';
import { directoryAnswers } from './ask.ts';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);

/** Data of an answer, which is compared with literals; with errors the test fails. */
// biome-ignore lint/suspicious/noExplicitAny: see above
async function ask(url: string, query: string): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

describeHubs('what the libraries promise is in the directory, whole', async (url) => {
  const { resources } = await ask(url, '{ resources(filter: { onHub: true }, first: 100) { total nodes { library } } }');
  expect(resources.total).toBe(resources.nodes.length);
  expect(new Set(resources.nodes.map((node: { library: string }) => node.library))).toEqual(
    new Set(readLibraries().map(({ name }) => name)),
  );
});

describeHubs('from a word to a value: a search, the way that reads an item, and the provider with its division', async (url) => {
  const { resources } = await ask(
    url,
    `{ resources(filter: { text: "xingzhengquhua" }, first: 1) { nodes { code items { name graphqlPath } provider { name division { code name } } } } }`,
  );
  const [divisions] = resources.nodes;
  expect(divisions).toMatchObject({
    code: '103001/1',
    provider: { name: '甘肃省自然资源厅', division: { code: '620000', name: '甘肃省' } },
  });
  expect(divisions.items).toContainEqual({ name: '区划代码', graphqlPath: 'division(code:).code' });
  expect(await ask(url, '{ division(code: "620100") { code } }')).toEqual({ division: { code: '620100' } });
});

describeHubs('a malformed argument is refused before the directory is asked', async (url) => {
  await expect(ask(url, '{ provider(uscc: "1") { name } }')).rejects.toThrow('BAD_USER_INPUT');
  await expect(ask(url, '{ resources(first: 101) { total } }')).rejects.toThrow('BAD_USER_INPUT');
});

function describeHubs(story: string, tell: (url: string) => Promise<void>): void {
  test.each(hubs.map(({ url }) => url))(`${story} (%s)`, tell);
}

// The directory is brought up beside the libraries, and may be a moment later than they are.
beforeAll(async () => {
  for (const hub of hubs) await directoryAnswers(hub);
});
