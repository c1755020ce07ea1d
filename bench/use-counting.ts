import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { makeOperationCounting, makeUseCounter } from '@longyuan/gateway/src/usage/count-operation.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema } from 'graphql';
import { operationIn } from '../test/operation-in.ts';

/**
 * `node bench/use-counting.ts`: what counting costs a request, in microseconds of CPU: for one question over five libraries, answered whole, with a
 * refused item, and with variables. Blocks with and without counting take turns; the median block of each is compared.
 */
const BLOCKS = 60;
const REQUESTS = 5_000;

const libraries = readLibraries();
const schema = buildSchema(composeSupergraph(libraries).apiSdl);
const onePerson = operationIn(
  schema,
  `query ($n: String!) { person(idNumber: $n) {
  name household { relationToHead members { name } } registeredAddress { fullText division { path { name } } }
  licenses { type { name } state authorityName validTo }
  represents { name state establishedOn registeredCapital { amount currency } credit { grade permits penalties } }
  credit { grade seriousDishonest listed } } }`,
);
const verification = operationIn(schema, 'query ($input: IdentityInput!) { verifyIdentity(input: $input) { result } }');
const caller = '11620000MB1234567X';
const cases = {
  'one person over five libraries': { caller, operation: onePerson, variables: { n: '1' }, errors: undefined },
  'the same with a refused item': {
    caller,
    operation: onePerson,
    variables: { n: '1' },
    errors: [{ path: ['person', 'household'], extensions: { code: 'ITEM_NOT_GRANTED' } }],
  },
  'a verification, its input in a variable': {
    caller,
    operation: verification,
    variables: { input: { idNumber: '1', name: 'x' } },
    errors: undefined,
  },
};

const counter = makeUseCounter(50_000);
const count = makeOperationCounting(readAccessFacts(readSharingFacts(libraries)), counter);
const median = (values: number[]) => values.sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

for (const [name, asked] of Object.entries(cases)) {
  const times = { with: [] as number[], without: [] as number[] };
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const kind of ['with', 'without'] as const) {
      const before = process.cpuUsage();
      // A new object for each request, as the server makes one.
      for (let request = 0; request < REQUESTS; request += 1) {
        const each = { ...asked };
        if (kind === 'with') count(each);
      }
      const { user, system } = process.cpuUsage(before);
      times[kind].push((user + system) / REQUESTS);
      counter.take();
    }
  }
  process.stdout.write(`${name}: ${(median(times.with) - median(times.without)).toFixed(2)} µs a request\n`);
}
