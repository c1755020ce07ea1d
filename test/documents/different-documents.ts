/** An operation as it is posted, and at which door. */
export type Posted = Readonly<{
  door: '/graphql' | '/public/graphql';
  body: Readonly<{ query: string; variables?: Readonly<Record<string, unknown>>; operationName?: string }>;
  /** For what a caller with a token says that it asks. */
  purpose?: string;
}>;

/** What exists and may be asked for without a token. */
export type Known = Readonly<{ uscc: string; authority: string }>;

const DIVISION_FIELDS = ['name', 'code', 'level', 'pinyin'];
const FIRM_FIELDS = ['name', 'uscc', 'state', 'kind', 'establishedOn', 'typeCode'];

/** A word that was never used before. */
const word = (place: number, more = '') => `w${place.toString(36)}${more}`;
const manyOf = (count: number, write: (place: number) => string) => Array.from({ length: count }, (_, place) => write(place)).join(' ');
/** The subset of a list that a number spells. */
const subset = (all: readonly string[], spelled: number) => all.filter((_, place) => (spelled >> place) & 1);
const public_ = '/public/graphql' as const;

/** Kinds of documents that are refused, each for a reason of its own. */
const refused: readonly ((place: number) => Posted)[] = [
  (n) => ({ door: '/graphql', body: { query: `query { ${manyOf(64, (each) => word(n, `x${each}`))} }` } }),
  (n) => ({ door: public_, body: { query: `query { ${manyOf(64, (each) => word(n, `x${each}`))} }` } }),
  (n) => ({ door: '/graphql', body: { query: `query ${word(n)} { division(code: "620000") { name ` } }),
  (n) => ({ door: '/graphql', body: { query: `query { ${word(n)}: division(code: "620000") { name } ${word(n)}: worst }` } }),
  (n) => ({ door: public_, body: { query: `query ${word(n)} { division(code: "620000") { name } }`, operationName: word(n, 'other') } }),
  (n) => ({ door: '/graphql', body: { query: `{ ${word(n)}: __schema { types { name } } }` } }),
  (n) => ({ door: '/graphql', body: { query: `query($${word(n)}: ID!) { division(code: $${word(n)}) { name } }`, variables: {} } }),
  (n) => ({ door: '/graphql', body: { query: `{ ${word(n)}: verifyIdentity(input: { idNumber: "11", name: "a" }) { result } }` } }),
  (n) => ({
    door: '/graphql',
    body: { query: `{ ${manyOf(60, (each) => `${word(n, `x${each}`)}: resources(first: 100) { nodes { items { name } } }`)} }` },
  }),
];

/** Kinds of documents that are answered: other names, other fields, other conditions; what libraries are asked for differs with them. */
const answered: readonly ((place: number, known: Known) => Posted)[] = [
  (n, { uscc, authority }) => ({
    door: '/graphql',
    body: {
      query: `{ ${word(n)}: division(code: "620000") { ${word(n, 'n')}: name } ${word(n, 'b')}: legalEntity(uscc: "${uscc}") { name }
        ${word(n, 'c')}: permits(uscc: "${uscc}") { documentNo } ${word(n, 'd')}: licenseTypes(authority: "${authority}") { name }
        ${word(n, 'e')}: populationStatistics(division: "620000", by: [SEX]) { labels } ${word(n, 'f')}: resources(first: 1) { total } }`,
    },
  }),
  (n) => ({ door: '/graphql', body: { query: `query ${word(n)} { ${manyOf(40, (each) => `${word(n, `x${each}`)}: __typename`)} }` } }),
  (n) => ({
    door: public_,
    body: {
      query: `query ${word(n)} { division(code: "620000") { name ${subset(DIVISION_FIELDS, n).join(' ')} children { name } } }`,
    },
  }),
  (n, { uscc }) => ({
    door: '/graphql',
    body: {
      query: `query ${word(n)}($a: Boolean!, $b: Boolean = false) { legalEntity(uscc: "${uscc}") { ${word(n, 'x')}: name
        ${subset(FIRM_FIELDS, n)
          .map((field) => `${field} @include(if: $a)`)
          .join(' ')} legalRepName @skip(if: $a) division @include(if: $b) { name } } }`,
      variables: { a: n % 3 === 0, b: n % 5 === 0 },
    },
  }),
  (n) => ({
    door: '/graphql',
    body: {
      query: `query { division(code: "620102") { ...${word(n)} children { ...${word(n)} } } } fragment ${word(n)} on AdministrativeDivision { ${word(n, 'x')}: name level }`,
    },
  }),
  (n) => ({
    door: public_,
    body: { query: `{ ${word(n)}: __type(name: "AdministrativeDivision") { name fields { name } } division(code: "620000") { name } }` },
  }),
  (n) => ({
    door: '/graphql',
    body: { query: `{ ${word(n)}: explainAccess(query: "{ ${word(n, 'x')}: division(code: 1) { name } }") { isWhole } }` },
  }),
  (n) => ({
    door: '/graphql',
    body: {
      query: `query($f: Int!) { ${word(n)}: resources(first: $f) { nodes { name items { name } } } }`,
      variables: { f: 1 + (n % 3) },
    },
  }),
  (n, { uscc }) => ({
    door: '/graphql',
    body: { query: `query ${word(n)} { penalties(uscc: "${uscc}") { ${word(n, 'x')}: documentNo ... on Penalty { decidedOn } } }` },
  }),
];

/** The document of this place in an endless row of documents of which no two are alike; every third is answered, if `known` exists. */
export function differentDocument(place: number, known: Known): Posted {
  const kinds = place % 3 === 0 ? answered : refused;
  const kind = kinds[Math.floor(place / 3) % kinds.length] ?? refused[0];
  if (!kind) throw new Error('There are no kinds of documents.');
  return kind(place, known);
}
