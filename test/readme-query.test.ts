import { readExamples } from '@longyuan/portal/register-faces.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { describe, expect, inject, test } from 'vitest';
import { ask, askWell } from './ask.ts';

const postgresql = inject('postgresql');
const [first] = readWorld().people;

const FIVE_LIBRARIES = `
  query Everything($idNumber: String!) {
    person(idNumber: $idNumber) {
      name
      household { householdNo relationToHead members { name } }
      registeredAddress { fullText division { path { name } } }
      licenses { identifier state type { name } authorityName }
      represents { uscc name state registeredCapital { amount currency } credit { grade permits penalties } }
      credit { grade seriousDishonest }
    }
  }`;

test('one question is answered by all five libraries', async () => {
  const { person } = await askWell(inject('embedded'), FIVE_LIBRARIES, { idNumber: first?.idNumber });
  expect(person.name).toBe(first?.name);
  expect(person.household.members.length).toBeGreaterThanOrEqual(3);
  expect(person.registeredAddress.division.path[0]).toEqual({ name: '甘肃省' });
  expect(person.licenses.length).toBeGreaterThanOrEqual(2);
  expect(person.represents.length).toBeGreaterThanOrEqual(1);
  expect(person.represents[0].credit).not.toBeNull();
  expect(person.credit).not.toBeNull();
});

test.each(readExamples())('the first page asks “$titleEn” and gets an answer without errors', async ({ query }) => {
  const { data, errors } = await ask(inject('embedded'), query);
  expect(errors).toBeUndefined();
  expect(Object.values(data)).not.toContain(null);
});

describe.skipIf(!postgresql)('over Debian’s PostgreSQL', () => {
  test.each(readWorld().people)('$name is the same person', async ({ idNumber }) => {
    const overEmbedded = await ask(inject('embedded'), FIVE_LIBRARIES, { idNumber });
    const overPostgresql = await ask(postgresql ?? inject('embedded'), FIVE_LIBRARIES, { idNumber });
    expect(overPostgresql).toEqual(overEmbedded);
    expect(overPostgresql.errors).toBeUndefined();
  });
});
