import { readFileSync } from 'node:fs';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { publicBodyCode } from '@longyuan/prisma/country/generate/numbers.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema } from 'graphql';
import { callAskers, type HubToTry, type Reference } from './askers.ts';
import type { Asker } from './read-rights.ts';
import { type AskRows, readRows } from './rows.ts';
import { type Model, type Rules, readRules } from './rules.ts';
import { chooseSpecimens, type Specimens } from './specimens.ts';
import type { Tried } from './try-operation.ts';

/** Everything a run of the suite works with. */
export type Suite = Readonly<{
  tried: Tried;
  askers: readonly Asker[];
  rules: readonly Rules[];
  specimens: Specimens;
  /** The same suite for the public at its own door, over what may be asked there. */
  atPublicDoor: Pick<Suite, 'tried' | 'rules' | 'specimens'>;
  end: () => Promise<void>;
}>;

/** Bodies of no library and no demo grant, one for each kind of grant; a run at a time has its own. */
const DEPARTMENTS = 5;

/** Reads directory and rows of a hub over the world's data, calls the askers and chooses the rows that are tried. */
export async function openSuite(parts: {
  hub: HubToTry;
  askRows: AskRows;
  reference: Reference;
  /** Tells departments of one run from those of another. */
  run: number;
}): Promise<Suite> {
  const libraries = readLibraries();
  const sharing = readSharingFacts(libraries);
  const read = (file: string) =>
    buildSchema(readFileSync(new URL(`../../schema/composed/${file}`, import.meta.url), 'utf8'), { assumeValidSDL: true });
  const model: Model = { schema: read('api.graphql'), sharing, access: readAccessFacts(sharing) };
  const rows = await readRows(sharing, parts.askRows);
  const world = readWorld();
  const people = world.people.slice(0, 2).map(({ idNumber, name }) => {
    const person = rows.named('Person', idNumber);
    if (!person?.subject || !person.division) throw new Error('The hub does not hold the people of the world.');
    const firm = world.legalEntities.find(({ legalRepName }) => legalRepName === name)?.uscc ?? '';
    return { idNumber, key: person.subject, firm, county: person.division.slice(0, 6) };
  });
  const [own] = people;
  const [errand, other] = world.serviceItems;
  if (!own || !errand || !other) throw new Error('The world has no people or no errands.');
  const ownersOfLists = new Set(sharing.fields.flatMap(({ lists, owner }) => (lists === 'OWNER' ? [owner.library.uscc] : [])));
  const cast = {
    person: own,
    uscc: own.firm,
    departments: Array.from({ length: DEPARTMENTS }, (_, place) => publicBodyCode('11', parts.run * 100 + 700 + place)),
    county: own.county,
    purpose: errand.implCode,
    otherPurpose: other.implCode,
  };
  const { askers, owners, end } = await callAskers(parts.hub, libraries, cast, ownersOfLists);
  const specimens = chooseSpecimens(
    model,
    rows,
    people.map(({ key, firm, county }) => ({ county, subjects: [key, firm] })),
  );
  const tried: Tried = { url: parts.hub.url, door: '/graphql', model, rows, reference: parts.reference, owners };
  const rules = askers.map((asker) => readRules(model, asker));
  const atPublicDoor = {
    tried: { ...tried, door: '/public/graphql' as const, model: { ...model, schema: read('public.graphql') } },
    rules: rules.filter(({ asker }) => asker.kind === 'public'),
    specimens,
  };
  return { tried, askers, rules, specimens, atPublicDoor, end };
}
