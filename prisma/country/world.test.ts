import { isCitizenNumber, isCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { expect, test } from 'vitest';
import { readWorld } from './world.ts';

const world = readWorld();

test('the world shows ten or more of each', () => {
  const { asOf, ...lists } = world;
  expect(asOf).toBe('2026-06-30');
  for (const [name, list] of Object.entries(lists)) expect(list.length, name).toBeGreaterThanOrEqual(10);
});

test('the first person of the world is always the same', () => {
  expect(world.people[0]).toMatchInlineSnapshot(`
    {
      "division": "620102010001",
      "idNumber": "629901198704270021",
      "name": "傅亚萍",
      "phone": "10993429871",
    }
  `);
  expect(world.legalEntities[0]).toMatchInlineSnapshot(`
    {
      "division": "620102010001",
      "legalRepName": "傅亚萍",
      "name": "城关区康兴茂副食店",
      "uscc": "92629901MAWF0G467T",
    }
  `);
});

test('the first two people live in different counties, and the first represents the first legal entity', () => {
  const [one, other] = world.people;
  expect(one?.division.slice(0, 6)).not.toBe(other?.division.slice(0, 6));
  expect(world.legalEntities[0]?.legalRepName).toBe(one?.name);
});

test('its numbers are well formed, and each errand has a code of 31 characters', () => {
  expect(world.people.every(({ idNumber }) => isCitizenNumber(idNumber))).toBe(true);
  expect([...world.departments, ...world.legalEntities].every(({ uscc }) => isCreditCode(uscc))).toBe(true);
  expect(world.serviceItems.every(({ implCode }) => implCode.length === 31 && isCreditCode(implCode.slice(0, 18)))).toBe(true);
  expect(new Set(world.departments.map(({ uscc }) => uscc)).size).toBe(world.departments.length);
});
