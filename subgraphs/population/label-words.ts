import { makeWording, storedCodeTable } from '@longyuan/schema/src/code-tables.ts';
import { nameOfDivision } from '@longyuan/schema/src/division-table.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import { textsOfAges } from '@longyuan/schema/src/words/texts.ts';
import type { StatDimension } from './store.ts';

type Wording = (label: string, language: Language) => string | null;

/** How the labels of each dimension are said: a division by its name, which is Chinese in both languages. */
const wordings: Readonly<Record<StatDimension, Wording>> = {
  SEX: ofTable('sex'),
  ETHNICITY: ofTable('ethnicity'),
  MARITAL: ofTable('marital'),
  DIVISION: nameOfDivision,
  AGE_BAND: (label, language) => {
    const [, from, to] = /^(\d+)(?:-(\d+)|\+)$/.exec(label) ?? [];
    if (from === undefined) return null;
    return to === undefined
      ? say(textsOfAges.AGES_FROM, { number: from }, language)
      : say(textsOfAges.AGES, { number: from, most: to }, language);
  },
};

/** The label of a cell in words; null for a code that its table does not have. */
export function wordOfLabel(dimension: StatDimension, label: string, language: Language): string | null {
  return wordings[dimension](label, language);
}

/** The table is read at the first question. */
function ofTable(name: string): Wording {
  let wordsOf: ReturnType<typeof makeWording> | undefined;
  return (code, language) => {
    wordsOf ??= openTable(name);
    const words = wordsOf(code);
    return words && (language === 'zh' ? words.title : words.titleEn);
  };
}

function openTable(name: string): ReturnType<typeof makeWording> {
  const table = storedCodeTable(name);
  if (!table) throw new Error(`schema/reference/codes.json has no words of ${name}`);
  return makeWording(table);
}
