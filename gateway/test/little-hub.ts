import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Caller } from '@longyuan/access/caller.ts';
import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { readEnvironment, type Settings } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { digestOf } from '@longyuan/trust/call-seal.ts';
import { type CheckingKeys, openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { keepSeals } from '@longyuan/trust/keep-seals.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { verifyWarrant, WARRANT_HEADER } from '@longyuan/trust/warrant.ts';
import { graphql } from 'graphql';
import { type GatewayOptions, startGateway } from '../src/start-gateway.ts';

/** Two people of a hub of two libraries: who they are, and what credit says of them. */
const people = [
  { id: 'p1', idNumber: '11010519491231002X', name: '马建国' },
  { id: 'p2', idNumber: '62010219800101001X', name: '祁月兰' },
];

const registry = readLibrary(
  'registry.graphql',
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
    @library(name: "registry", title: "人口", department: "公安厅", uscc: "11629901000000019M", order: 1)
  type Query {
    "The person with this number; null where there is none."
    person("Citizen number." idNumber: String! @format(is: CITIZEN_NUMBER) @structure): Person @structure
    "Everyone."
    persons: [Person!] @structure
  }
  type Mutation {
    "Another name for a person."
    rename("Citizen number." idNumber: String! @structure, "The new name." name: String! @structure): Person @structure
  }
  "A person."
  type Person @key(fields: "id") @structure {
    "Opaque key."
    id: ID! @inaccessible
    "Citizen number."
    idNumber: String
    "Name."
    name: String
    "Everyone they know."
    friends: [Person!]
  }`,
);
const rating = readLibrary(
  'rating.graphql',
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
    @library(name: "rating", title: "信用", department: "发改委", uscc: "11629901000000019M", order: 2)
  type Query {
    "The worst score there is."
    worst: Int @structure
  }
  "A person."
  type Person @key(fields: "id") @structure {
    "Opaque key."
    id: ID! @inaccessible
    "Score, from 0 to 1000."
    score: Int
  }`,
);

/** A library that serves its part of the graph over real HTTP, and can be told to misbehave. */
export type LittleLibrary = {
  readonly name: string;
  /** What `GET /health` says; null: it hangs. */
  state: 'STARTING' | 'SEEDING' | 'READY' | 'DOWN' | null;
  /** How an operation is answered: as it should be, never, or with this status and text. */
  answers: 'well' | 'never' | { status: number; text: string };
  /** Kind of the callers whose operations it never answers; null: of none. */
  hangsFor: Caller['kind'] | null;
  /** How often it was asked for its grants. */
  grantsAsked: number;
  /** Headers and operations that came. */
  readonly calls: {
    warrant: string | undefined;
    requestId: string | undefined;
    query: string;
    traceparent?: string | string[] | undefined;
  }[];
  /** Calls that the other side gave up. */
  abandoned: number;
  /** How often a seal key was agreed on. */
  agreements: number;
  /** As a restart does: what was agreed on is gone. */
  forgetSeals(): Promise<void>;
  stop(): Promise<void>;
  startAgain(): Promise<void>;
};

/** A gateway over two little libraries, on free ports. Settings may be changed; everything else is as in production. */
export async function startLittleHub(
  changed: Partial<Settings> = {},
  parts: Partial<Pick<GatewayOptions, 'load' | 'spendingClock' | 'tracing' | 'log' | 'inner'>> = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'little-hub-'));
  const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
  const libraries = {
    registry: await startLibrary('registry', { dataDir, keys }, registry, {
      Query: {
        person: (_: unknown, { idNumber }: { idNumber: string }) => people.find((person) => person.idNumber === idNumber),
        persons: () => people,
      },
      Person: { __resolveReference: ({ id }: { id: string }) => people.find((person) => person.id === id), friends: () => people },
    }),
    rating: await startLibrary('rating', { dataDir, keys }, rating, {
      Query: { worst: () => 1 },
      Person: { score: ({ id }: { id: string }) => Number(id.slice(1)) * 100 },
    }),
  };
  const settings: Settings = {
    ...readEnvironment({}),
    dataDir,
    logLevel: 'silent',
    healthIntervalMs: 50,
    libraryTimeoutMs: 800,
    requestTimeoutMs: 2_000,
    port: 0,
    ...changed,
  };
  const gateway = await startGateway({
    settings,
    log: openLog('gateway', settings),
    warrantKeys: keys,
    libraries: [registry, rating],
    libraryUrl: (name) => libraries[name as keyof typeof libraries].url,
    ...parts,
  });
  return {
    url: gateway.url,
    libraries,
    ask: (query: string, variables?: Record<string, unknown>) => ask(gateway.url, { query, variables }),
    /** Resolves when the gateway says this of the library. */
    until: async (library: string, state: string): Promise<void> => {
      for (;;) {
        const { libraries: told } = (await (await fetch(`${gateway.url}/health/ready`)).json()) as {
          libraries: { name: string; state: string }[];
        };
        if (told.find((each) => each.name === library)?.state === state) return;
        await new Promise((wake) => setTimeout(wake, 10));
      }
    },
    close: async () => {
      await gateway.close();
      await Promise.all(Object.values(libraries).map((library) => library.stop()));
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Posts a body as it stands; the answer with its status, as a client sees them. */
async function ask(url: string, body: unknown) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // Tests compare whole answers with literals, so their shape needs no type.
  const answer = (await response.json()) as {
    // biome-ignore lint/suspicious/noExplicitAny: see above
    data?: any;
    errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
  };
  return { status: response.status, ...answer };
}

/** Read without a check: what a library does with it here is up to the test. */
function kindOfCaller(warrant: string): string {
  const { caller } = JSON.parse(Buffer.from(warrant.split('.')[1] ?? '', 'base64url').toString()) as { caller: Caller };
  return caller.kind;
}

async function startLibrary(
  name: string,
  { dataDir, keys }: { dataDir: string; keys: CheckingKeys },
  library: typeof registry,
  resolvers: Record<string, Record<string, unknown>>,
): Promise<LittleLibrary & { url: string }> {
  // The resolvers stand beside their SDL above; subgraph's type for them knows no __resolveReference of ours.
  const schema = buildSubgraphSchema([{ typeDefs: subgraphDocument(library), resolvers: resolvers as never }]);
  const openSeals = async () => keepSeals({ library: name, gateway: keys, owner: await openOwnerKey(dataDir, name) });
  let seals = await openSeals();
  let server: Server;
  let port = 0;
  const little = {
    name,
    url: '',
    state: 'READY' as LittleLibrary['state'],
    answers: 'well' as LittleLibrary['answers'],
    hangsFor: null as LittleLibrary['hangsFor'],
    grantsAsked: 0,
    calls: [] as LittleLibrary['calls'],
    abandoned: 0,
    agreements: 0,
    forgetSeals: async () => {
      seals = await openSeals();
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    startAgain: async () => {
      server = createServer((request, response) => void answer(request, response));
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
      little.url = `http://127.0.0.1:${port}`;
    },
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/health') {
      if (little.state !== null) response.setHeader('content-type', 'application/json').end(JSON.stringify({ state: little.state }));
      return;
    }
    const body = await text(request);
    if (request.url === '/seal') {
      little.agreements += 1;
      response.end(JSON.stringify({ answer: await seals.agree((JSON.parse(body) as { offer: string }).offer) }));
      return;
    }
    // The gateway asks for grants now and then; the little libraries keep none.
    if (request.url !== '/graphql') {
      if (request.url === '/grants/list') little.grantsAsked += 1;
      response.writeHead(404).end('{}');
      return;
    }
    const warrant = request.headers[WARRANT_HEADER];
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    const { traceparent } = request.headers;
    little.calls.push({ warrant: String(warrant), requestId: String(request.headers['x-request-id']), query, traceparent });
    response.once('close', () => {
      if (!response.writableFinished) little.abandoned += 1;
    });
    if (little.answers === 'never' || (little.hangsFor !== null && little.hangsFor === kindOfCaller(String(warrant)))) return;
    if (little.answers !== 'well') {
      response.writeHead(little.answers.status, { 'content-type': 'application/json' }).end(little.answers.text);
      return;
    }
    const seal = seals.inspect({ method: 'POST', path: '/graphql', headers: request.headers, contentDigest: digestOf(body) });
    const known = typeof warrant === 'string' && (await verifyWarrant(warrant, name, keys)) && seal.kind === 'SEALED' && seal.spend();
    if (!known) response.writeHead(401).end(JSON.stringify({ errors: [{ extensions: { reason: `SEAL_${seal.kind}` } }] }));
    else
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })));
  }
  await little.startAgain();
  return little;
}
