import { say } from '@longyuan/schema/src/words/catalogue.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import { rulesOfScore } from '@longyuan/schema/src/words/texts.ts';
import type { Entry } from '../entries/entry.ts';

/** Parts of the score, as `ScorePartName` of schema/directory.graphql says. */
type ScorePartName = 'FINDABILITY' | 'ACCESSIBILITY' | 'INTEROPERABILITY' | 'REUSABILITY' | 'CONTEXTUALITY' | 'UPDATE_FREQUENCY';

/** What the checks are put to: the entry that is listed, and what was found of it. `populated`, `inTime` 0 to 1, null where not measured. */
type AuditedResource = Readonly<{
  listed: Entry;
  isConnected: boolean;
  /** Items that are in the schema, of all that are required. */
  connectedItems: number;
  populated: number | null;
  inTime: number | null;
  today: string;
}>;

/** One question, which `rulesOfScore` says. `value`: how far it holds, 0 to 1; null where that cannot be told. */
export type Check = Readonly<{
  name: keyof typeof rulesOfScore;
  part: ScorePartName;
  weight: number;
  value: (of: AuditedResource) => number | null;
}>;

const MACHINE_READABLE = new Set(['SPREADSHEET', 'DATABASE', 'SELF_DESCRIBING', 'SERVICE_API']);
const ENOUGH_KEYWORDS = 3;
const ENOUGH_CATEGORIES = 3;
const ENOUGH_ABSTRACT = 20;

/**
 * The method of the score, the one place that says it: what is published (`coverageMethod`) and what is computed both read this list.
 * Dimensions after data.europa.eu's metadata quality assessment (whose weights put access first), questions after data.gouv.fr's ten
 * criteria, "update frequency followed" among them. Weights are points of 100. What is promised and not on the hub is neither populated nor
 * kept up, so connecting it never lowers a score.
 */
export const scoreMethod: readonly Check[] = [
  {
    name: 'KEYWORDS',
    part: 'FINDABILITY',
    weight: 8,
    value: ({ listed }) => Math.min(1, listed.keywords.length / ENOUGH_KEYWORDS),
  },
  {
    name: 'CLASSIFICATION',
    part: 'FINDABILITY',
    weight: 6,
    value: ({ listed }) => Math.min(1, listed.category.split('/').filter((name) => name.trim()).length / ENOUGH_CATEGORIES),
  },
  {
    name: 'ABSTRACT',
    part: 'FINDABILITY',
    weight: 6,
    value: ({ listed }) => (listed.abstract === listed.name ? 0 : Math.min(1, listed.abstract.trim().length / ENOUGH_ABSTRACT)),
  },
  {
    name: 'CONNECTED',
    part: 'ACCESSIBILITY',
    weight: 18,
    value: ({ isConnected }) => Number(isConnected),
  },
  {
    name: 'ITEMS_CONNECTED',
    part: 'ACCESSIBILITY',
    weight: 8,
    value: ({ connectedItems }) => connectedItems,
  },
  {
    name: 'POPULATED',
    part: 'ACCESSIBILITY',
    weight: 7,
    value: ({ isConnected, populated }) => (isConnected ? populated : 0),
  },
  {
    name: 'MACHINE_READABLE',
    part: 'INTEROPERABILITY',
    weight: 5,
    value: ({ listed }) => Number(listed.formats.some((format) => MACHINE_READABLE.has(format))),
  },
  {
    name: 'TYPED_ITEMS',
    part: 'INTEROPERABILITY',
    weight: 5,
    value: ({ listed }) =>
      shareOf(
        listed.items.filter(({ dataType }) => dataType === 'C'),
        ({ length, standard }) => length !== null || standard !== null,
      ),
  },
  {
    name: 'QUERY_API',
    part: 'INTEROPERABILITY',
    weight: 5,
    value: ({ listed }) => Number(listed.shareModes.includes('QUERY_API')),
  },
  {
    name: 'BASIS',
    part: 'REUSABILITY',
    weight: 6,
    value: ({ listed }) =>
      shareOf(
        listed.items.filter(({ shareType }) => shareType !== 'UNCONDITIONAL'),
        ({ basis }) => Boolean(basis),
      ),
  },
  {
    name: 'CONDITIONS',
    part: 'REUSABILITY',
    weight: 5,
    value: ({ listed }) => Number(listed.shareType === 'UNCONDITIONAL' || Boolean(listed.shareCondition)),
  },
  {
    name: 'OPENED',
    part: 'REUSABILITY',
    weight: 4,
    value: ({ listed }) =>
      shareOf(
        listed.items.filter(({ level, shareType }) => level === 1 && shareType === 'UNCONDITIONAL'),
        ({ openToPublic }) => openToPublic,
      ),
  },
  {
    name: 'RELATED',
    part: 'CONTEXTUALITY',
    weight: 3,
    value: ({ listed }) => Number(listed.related.length > 0),
  },
  {
    name: 'PUBLISHED',
    part: 'CONTEXTUALITY',
    weight: 2,
    value: ({ listed, today }) => Number(listed.publishedOn <= today),
  },
  {
    name: 'UPDATE_CYCLE_KEPT',
    part: 'UPDATE_FREQUENCY',
    weight: 12,
    value: ({ isConnected, inTime }) => (isConnected ? inTime : 0),
  },
];

/** What a check asks, in words. */
export function ruleOf(name: Check['name'], language: Language): string {
  return name === 'ABSTRACT' ? say(rulesOfScore[name], { number: ENOUGH_ABSTRACT }, language) : rulesOfScore[name][language];
}

/** The score, 0 to 100 with one decimal, of how far each check holds (in the order of the method); null where none can be told. */
export function scoreOf(values: readonly (number | null)[]): number | null {
  const told = scoreMethod.flatMap(({ weight }, place) => {
    const value = values[place] ?? null;
    return value === null ? [] : [{ weight, value }];
  });
  const weights = told.reduce((sum, { weight }) => sum + weight, 0);
  return weights === 0 ? null : Math.round((1_000 * told.reduce((sum, { weight, value }) => sum + weight * value, 0)) / weights) / 10;
}

/** What is left to do for each check, by the points that all of it would gain, the most first. */
export function workOf(values: readonly (number | null)[]): readonly Readonly<{ check: Check; place: number; pointsGained: number }>[] {
  const weights = scoreMethod.reduce((sum, { weight }, place) => (values[place] == null ? sum : sum + weight), 0);
  return scoreMethod
    .flatMap((check, place) => {
      const value = values[place] ?? null;
      return value === null || value >= 1 ? [] : [{ check, place, pointsGained: (100 * check.weight * (1 - value)) / weights }];
    })
    .sort((one, other) => other.pointsGained - one.pointsGained);
}

/** The parts in the order of the method, each with its checks; `values`: how far each check holds, left out where only the method is told. */
export function partsOf(values: readonly (number | null)[] = []) {
  const placed = scoreMethod.map((check, place) => ({ ...check, value: values[place] ?? null }));
  return [...Map.groupBy(placed, ({ part }) => part)].map(([name, checks]) => {
    const told = checks.filter(({ value }) => value !== null);
    const weights = told.reduce((sum, { weight }) => sum + weight, 0);
    return {
      name,
      weight: checks.reduce((sum, { weight }) => sum + weight, 0),
      value: weights === 0 ? null : told.reduce((sum, { weight, value }) => sum + weight * (value ?? 0), 0) / weights,
      checks,
    };
  });
}

/** Of nothing, all. */
function shareOf<Each>(all: readonly Each[], holds: (each: Each) => boolean): number {
  return all.length === 0 ? 1 : all.filter(holds).length / all.length;
}
