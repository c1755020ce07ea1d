import { readFileSync } from 'node:fs';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { type DocumentNode, isTypeDefinitionNode, isTypeExtensionNode } from 'graphql';
import { expect, test } from 'vitest';
import { type Caller, PUBLIC } from './caller.ts';
import {
  type Action,
  ANY,
  mayDo,
  OFFICE_ROOTS,
  offices,
  type Reach,
  ROLES,
  refusalAtRoot,
  refusalOf,
  roleOf,
  rootsOfItems,
} from './offices.ts';

const OWN = '11629901000000019M';
const OTHER = '11629901000000027G';
/** Lanzhou's district of Chengguan, a town in it, and a county elsewhere. */
const [REGION, WITHIN, ELSEWHERE, PROVINCE] = ['620102', '620102001', '621022', '620000'];
const department = (role: 'developer' | 'steward', region: string | null = null): Caller => ({
  ...{ kind: 'department', sub: 's', uscc: OWN, role, region },
});
const callers: Readonly<Record<(typeof ROLES)[number], Caller>> = {
  public: PUBLIC,
  citizen: { kind: 'citizen', sub: 's', person: 'p' },
  // A legal entity that is a department too gets nothing of it.
  agent: { kind: 'agent', sub: 's', uscc: OWN },
  developer: department('developer'),
  regionalDeveloper: department('developer', REGION),
  steward: department('steward'),
  regionalSteward: department('steward', REGION),
  auditor: { kind: 'auditor', sub: 's' },
};
const ACTIONS = Object.keys(offices) as Action[];

/** How the README says a reach; nothing where there is none. */
const says: Readonly<Record<Reach, string>> = {
  OWN: 'own',
  OWN_OF_REGION: 'own, of the region',
  REGION: 'of the region',
  EVERYBODY: 'all',
};

test('the README says who may do what as the table does, and nothing else', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const rows = readme
    .split('\n')
    .filter((line) => /^\| `\w+` \|/.test(line))
    .map(cellsOf);
  const ofTable = ACTIONS.map((action) => {
    const may: Readonly<Partial<Record<string, Reach>>> = offices[action].may;
    return [`\`${action}\``, ...ROLES.map((role) => (may[role] ? says[may[role]] : '–'))];
  });
  // The second cell says in words what is done.
  expect(rows.map(([action, _words, ...cells]) => [action, ...cells])).toEqual(ofTable);
  for (const [action, words = ''] of rows) expect(words.length, action).toBeGreaterThan(10);
});

test('a caller is known by kind, role, and whether for one region alone', () => {
  for (const role of ROLES) expect(roleOf(callers[role])).toBe(role);
});

const whose: readonly [what: string, meant: Parameters<typeof mayDo>[2], reaches: readonly Reach[]][] = [
  ['anything at all', { department: ANY, division: ANY }, ['OWN', 'OWN_OF_REGION', 'REGION', 'EVERYBODY']],
  ['the own department’s, of the province', { department: OWN, division: PROVINCE }, ['OWN', 'EVERYBODY']],
  ['the own department’s, of no division', { department: OWN, division: null }, ['OWN', 'EVERYBODY']],
  ['the own department’s, of the region', { department: OWN, division: REGION }, ['OWN', 'OWN_OF_REGION', 'REGION', 'EVERYBODY']],
  ['the own department’s, of a town in it', { department: OWN, division: WITHIN }, ['OWN', 'OWN_OF_REGION', 'REGION', 'EVERYBODY']],
  ['the own department’s, of elsewhere', { department: OWN, division: ELSEWHERE }, ['OWN', 'EVERYBODY']],
  ['another department’s, of the region', { department: OTHER, division: REGION }, ['REGION', 'EVERYBODY']],
  ['another department’s, of elsewhere', { department: OTHER, division: ELSEWHERE }, ['EVERYBODY']],
  ['no single department’s, of the region', { department: null, division: REGION }, ['REGION', 'EVERYBODY']],
  ['no single department’s, of the province', { department: null, division: null }, ['EVERYBODY']],
];

test.each(whose)('%s is reached as far as the office reaches, in every role and action', (_what, meant, reaches) => {
  for (const action of ACTIONS) {
    const may: Readonly<Partial<Record<string, Reach>>> = offices[action].may;
    for (const role of ROLES) {
      // Whom no department's code stands for has nothing of their own; asked of anything, the auditor may ask for the grants it does not hold.
      const isNobodys = meant.department !== ANY && callers[role].kind !== 'department' && may[role] !== 'EVERYBODY';
      const reach = may[role];
      const expected = reach !== undefined && !isNobodys && reaches.includes(reach);
      expect(mayDo(callers[role], action, meant), `${role} ${action}`).toBe(expected);
    }
  }
});

test('a region that the province does not have reaches nothing, be it asked for by the same code', () => {
  for (const region of ['620199', '629900', '000000', '']) {
    const steward = department('steward', region);
    for (const division of [region, REGION, PROVINCE, null]) {
      expect(mayDo(steward, 'readCoverage', { department: null, division })).toBe(false);
      expect(mayDo(steward, 'answerApplication', { department: OWN, division })).toBe(false);
    }
  }
});

test.each<[root: string, refused: Partial<Record<(typeof ROLES)[number], string>>]>([
  [
    'Query.coverage',
    {
      public:
        'Coverage is told to stewards of departments, of the division that they work for, and to the auditor; the call carries no token.',
      citizen: 'Coverage is told to stewards of departments, of the division that they work for, and to the auditor.',
      agent: 'Coverage is told to stewards of departments, of the division that they work for, and to the auditor.',
      developer: 'Coverage is told to stewards of departments, of the division that they work for, and to the auditor.',
      regionalDeveloper: 'Coverage is told to stewards of departments, of the division that they work for, and to the auditor.',
    },
  ],
  [
    'Mutation.apply',
    {
      public: 'Departments apply for grants, answer and revoke them, and the call carries no token.',
      citizen: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
      agent: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
      steward: 'A developer of the department applies, not its steward.',
      regionalSteward: 'A developer of the department applies, not its steward.',
      auditor: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
    },
  ],
  [
    // A developer meets the owner's sentence, which names it.
    'Mutation.answer',
    {
      public: 'Departments apply for grants, answer and revoke them, and the call carries no token.',
      citizen: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
      agent: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
      auditor: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
    },
  ],
  [
    'Query.myGrants',
    {
      public: 'Grants are told to departments and auditors, and the call carries no token.',
      citizen: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
      agent: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
    },
  ],
  ['Mutation.raiseObjection', {}],
])('at the root %s those are refused who may do nothing behind it, in the sentences of old', (root, refused) => {
  for (const role of ROLES) expect(refusalAtRoot(root, callers[role])?.message, role).toBe(refused[role]);
});

test('a refusal carries the code of the hub, and one who may is told nothing', () => {
  const own = { department: null, division: WITHIN };
  expect(refusalOf(callers.regionalSteward, 'readCoverage', own)).toBeNull();
  const refused = refusalOf(callers.regionalSteward, 'readCoverage', { department: null, division: null });
  expect(refused?.extensions).toEqual({ code: 'ITEM_NOT_SHARED' });
  expect(refusalOf(PUBLIC, 'readCoverage', own)?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
});

test('what an owner signs is for departments alone to ask: it reads no other token', () => {
  for (const action of ['apply', 'answerApplication', 'revokeGrant', 'giveBackGrant'] as const)
    for (const role of Object.keys(offices[action].may)) expect(role, action).toMatch(/^(regionalD|d)eveloper$|^(regionalS|s)teward$/);
});

test('every root of the directory is named, every root of a library is said by the SDL or named, and no name is left of a root that went', () => {
  const libraries = readLibraries();
  const bySdl = rootsOfItems(readSharingFacts(libraries));
  const directory = rootsIn(readDirectorySubgraph().document);
  const ofLibraries = libraries.flatMap(({ document }) => rootsIn(document));
  expect(directory.filter((root) => !OFFICE_ROOTS.has(root))).toEqual([]);
  expect(ofLibraries.filter((root) => !OFFICE_ROOTS.has(root) && !bySdl.has(root))).toEqual([]);
  const all = new Set([...directory, ...ofLibraries, 'Query._entities', 'Query._service']);
  expect([...OFFICE_ROOTS].filter((root) => !all.has(root))).toEqual([]);
  // What the directory manages is never a matter of items.
  expect(directory.filter((root) => bySdl.has(root))).toEqual([]);
  expect([...bySdl].filter((root) => root.startsWith('Mutation.'))).toEqual([]);
});

function rootsIn(document: DocumentNode): readonly string[] {
  return document.definitions
    .filter((node) => isTypeDefinitionNode(node) || isTypeExtensionNode(node))
    .filter(({ name }) => name.value === 'Query' || name.value === 'Mutation')
    .flatMap((node) => ('fields' in node ? (node.fields ?? []).map((field) => `${node.name.value}.${field.name.value}`) : []));
}
