import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type DocumentNode, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOfDocument } from './cost-of-document.ts';
import { keepDocuments } from './keep-documents.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const bytesUsed = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

let words = 0;
const word = () => `w${(words++).toString(36)}`;
const many = (write: () => string) => Array.from({ length: 200 }, write).join(' ');

const shapes: Readonly<Record<string, () => string>> = {
  'names alone': () => `{ ${many(word)} }`,
  aliases: () => `{ ${many(() => `${word()}: name`)} }`,
  'fields in fields': () => `{ ${'a { '.repeat(200)} ${word()} ${'}'.repeat(200)} }`,
  comments: () => `{ ${word()}\n${'#\n'.repeat(2_000)} }`,
  text: () => `{ a(b: "${'中'.repeat(4_000)}") ${word()} }`,
  'lists of objects': () => `{ ${word()}(b: [${'{} '.repeat(500)}]) }`,
  variables: () => `query(${many(() => `$${word()}: [[A!]!]!`)}) { a }`,
  directives: () => `{ ${many(() => `${word()} @a`)} }`,
};
const ways = Object.entries(shapes).flatMap(([name, write]) => [
  { name, way: 'read with places', read: () => parse(write()) },
  { name, way: 'read without', read: () => parse(write(), { noLocation: true }) },
  { name, way: 'as parts of another', read: (): DocumentNode => ({ kind: Kind.DOCUMENT, definitions: parse(write()).definitions }) },
]);
ways.push({ name: 'blanks', way: 'read with places', read: () => parse(`{ ${' '.repeat(20_000)}${word()} }`) });

test.each(ways)('a document of $name, $way, takes no more heap than it is counted with, and a fifth at least', ({ read }) => {
  // So many that what else the process does with its heap is little beside them.
  const copies = Math.ceil(6_000_000 / costOfDocument(read()));
  const before = bytesUsed();
  const kept = Array.from({ length: copies }, read);
  const taken = bytesUsed() - before;
  const counted = kept.reduce((sum, document) => sum + costOfDocument(document), 0);
  expect(taken).toBeLessThan(counted);
  expect(taken).toBeGreaterThan(counted / 5);
});

test('documents are kept by number and by bytes, those not asked for longest go first', async () => {
  const { store, keep, size } = keepDocuments({ most: 50, mostBytes: 2_000_000 });
  const put = async (key: string, text: string) => {
    const document = parse(text);
    await store.set(key, document);
    keep(document);
  };
  for (let place = 0; place < 1_000; place += 1) await put(`small ${place}`, `{ ${word()} }`);
  expect(size().documents).toBe(50);
  expect(await store.get('small 949')).toBeUndefined();
  expect(await store.get('small 950')).toBeDefined();
  for (let place = 0; place < 100; place += 1) await put(`large ${place}`, `{ ${many(word)} }`);
  expect(size().bytes).toBeLessThan(2_000_000);
  expect(size().documents).toBeLessThan(15);
  expect(await store.get('large 99')).toBeDefined();
  // One that has no room even alone is not kept, and drives nothing else out.
  await put('huge', `{ ${many(() => many(word))} }`);
  expect(await store.get('huge')).toBeUndefined();
  expect(await store.get('large 99')).toBeDefined();
});

test('of a document that was not let in nothing is kept', async () => {
  const { store, size } = keepDocuments({ most: 50, mostBytes: 2_000_000 });
  for (let place = 0; place < 100; place += 1) await store.set(String(place), parse(`{ ${word()} }`));
  expect(size()).toEqual({ documents: 0, bytes: 0 });
  expect(await store.get('99')).toBeUndefined();
});
