import { type ASTNode, type DocumentNode, getLocation, visit, visitInParallel } from 'graphql';
import type { Library } from './read-libraries.ts';
import { readSharingFacts } from './read-sharing-facts.ts';
import { argumentsSayWhatTheyRead } from './rules/arguments-say-what-they-read.ts';
import { classesHaveABasis } from './rules/classes-have-a-basis.ts';
import { codesAreWellFormed } from './rules/codes-are-well-formed.ts';
import { codesHaveWords } from './rules/codes-have-words.ts';
import { connectionsAreWhole } from './rules/connections-are-whole.ts';
import { derivedItemsAreStricter } from './rules/derived-items-are-stricter.ts';
import { everyFieldIsSaid } from './rules/every-field-is-said.ts';
import { everythingIsDescribed } from './rules/everything-is-described.ts';
import { interfacesAgree } from './rules/interfaces-agree.ts';
import { itemsAreNullable } from './rules/items-are-nullable.ts';
import { keysSayNothing } from './rules/keys-say-nothing.ts';
import { listsSayForWhom } from './rules/lists-say-for-whom.ts';
import { masksAreOnText } from './rules/masks-are-on-text.ts';
import { nestedItemsAreStricter } from './rules/nested-items-are-stricter.ts';
import { oneItemOnePlace } from './rules/one-item-one-place.ts';
import { openIsUnconditional } from './rules/open-is-unconditional.ts';
import { openResourcesAreTold } from './rules/open-resources-are-told.ts';
import { qualityCanBeMeasured } from './rules/quality-can-be-measured.ts';
import { resourcesAreListedOnce } from './rules/resources-are-listed-once.ts';
import { rootsAreNullable } from './rules/roots-are-nullable.ts';
import { rowsHaveAScope } from './rules/rows-have-a-scope.ts';
import type { Rule } from './rules/rule.ts';
import { checkVocabulary } from './rules/vocabulary-is-used-rightly.ts';
import { whenIsLaxer } from './rules/when-is-laxer.ts';
import { readVocabulary } from './subgraph-document.ts';

/** One thing that is wrong in the SDL of a library, where it stands and how to mend it. Lines and columns count from 1. */
export type Complaint = Readonly<{ file: string; line: number; column: number; coordinate: string; message: string; mend: string }>;

const rules: readonly Rule[] = [
  everyFieldIsSaid,
  itemsAreNullable,
  rootsAreNullable,
  classesHaveABasis,
  openIsUnconditional,
  whenIsLaxer,
  nestedItemsAreStricter,
  derivedItemsAreStricter,
  masksAreOnText,
  interfacesAgree,
  argumentsSayWhatTheyRead,
  listsSayForWhom,
  connectionsAreWhole,
  keysSayNothing,
  codesAreWellFormed,
  codesHaveWords,
  oneItemOnePlace,
  resourcesAreListedOnce,
  openResourcesAreTold,
  rowsHaveAScope,
  qualityCanBeMeasured,
  everythingIsDescribed,
];

/**
 * Everything that is wrong with what the libraries' SDL says about sharing, library by library, from the top of each file down.
 * Where the vocabulary itself is used wrongly only that is told: what the other rules would read is not what was meant.
 */
export function checkSchema(libraries: readonly Library[], vocabulary: DocumentNode = readVocabulary()): readonly Complaint[] {
  const misuses = libraries.flatMap((library) =>
    checkVocabulary(library, vocabulary).map(({ at, ...complaint }) => complaintAt(library, at, complaint)),
  );
  return misuses.length > 0 ? misuses.sort(inReadingOrder) : applyRules(rules, libraries, vocabulary);
}

/** What the given rules complain about in libraries that use the vocabulary rightly. */
export function applyRules(
  rules: readonly Rule[],
  libraries: readonly Library[],
  vocabulary: DocumentNode = readVocabulary(),
): readonly Complaint[] {
  const facts = readSharingFacts(libraries, vocabulary);
  return libraries.flatMap((library) => {
    const complaints: Complaint[] = [];
    const context = {
      facts,
      library,
      complain: ({ at, ...complaint }: Parameters<Parameters<Rule>[0]['complain']>[0]) =>
        void complaints.push(complaintAt(library, at, complaint)),
    };
    visit(library.document, visitInParallel(rules.map((rule) => rule(context))));
    return complaints.sort(inReadingOrder);
  });
}

/** As one line: `schema/libraries/credit.graphql:120 Penalty.fine: what is wrong → mend: what to write`. */
export function printComplaint({ file, line, coordinate, message, mend }: Complaint): string {
  return `${file}:${line} ${coordinate}: ${message} → mend: ${mend}`;
}

/** @throws Error with every complaint on a line of its own, when there is one. */
export function assertSchema(libraries: readonly Library[]): void {
  refuseComplaints(checkSchema(libraries));
}

/** @throws Error with every complaint on a line of its own, when there is one. */
export function refuseComplaints(complaints: readonly Complaint[]): void {
  if (complaints.length === 0) return;
  throw new Error(`The libraries do not compose:\n${complaints.map((complaint) => `  ${printComplaint(complaint)}`).join('\n')}`);
}

/** What is wrong, with its place in the library's file. */
export function complaintAt(library: Library, at: ASTNode, complaint: Pick<Complaint, 'coordinate' | 'message' | 'mend'>): Complaint {
  const place = at.loc ? getLocation(at.loc.source, at.loc.start) : { line: 1, column: 1 };
  return { file: `schema/libraries/${library.name}.graphql`, ...place, ...complaint };
}

function inReadingOrder(one: Complaint, other: Complaint): number {
  return one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line || one.column - other.column;
}
