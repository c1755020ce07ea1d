import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { DATABASE_URL, findWrongNames, SUBGRAPH_URL } from './setting-names.ts';
import { readTracing, type TracingSettings } from './tracing.ts';

/** One environment variable of the hub: how it is read, what stands when it is not set, and what it is for. */
type Variable = { readonly schema: z.ZodType; readonly fallback: string; readonly says: string };

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d+$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(least, { error, abort: true }).max(most, { error, abort: true }));
};
/** Keys fetched without TLS are anybody's, except from this machine itself. */
const issuerUrl = z.string().refine((text) => text === '' || isSafeUrl(text), 'must be an https:// URL; http:// only of this machine');
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' });

const PUBLIC_URL_RULE =
  'must be https:// or http:// with a host and, where it stands below one, a path (letters, digits, dots, lines); no account, query or fragment';

/** Every setting of the hub, in the order the README's table shows them. Units stand in the names. */
export const variables = {
  HUB_PORT: {
    schema: wholeNumber(1, 65_000),
    fallback: '4000',
    says: 'Port of the gateway. Subgraphs listen on the next ones, identity provider and PostgreSQL (embedded) on HUB_PORT + 20 and 21.',
  },
  HUB_PUBLIC_URL: {
    schema: z
      .string()
      .transform(readPublicUrl)
      .pipe(z.string({ error: PUBLIC_URL_RULE })),
    fallback: '',
    says: 'Address under which the world knows the hub, with a path where it stands below one (`https://data.example/hub`): every link, identifier and file in the catalogue is made from it. Left out: `http://localhost:` and the port, or what a trusted proxy says.',
  },
  HUB_ALLOWED_ORIGINS: {
    schema: z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
      .refine((all) => all.every(isOrigin), 'must be origins as browsers send them, with commas between (https://portal.example)'),
    fallback: '',
    says: 'Origins (`https://portal.example`), with commas between them, whose pages may read `/graphql`, `/health` and `/directory`; `/public` is open to the pages of all.',
  },
  HUB_DATA_DIR: {
    schema: z.string().min(1),
    fallback: '.data',
    says: 'Folder of the embedded databases and of the keys.',
  },
  HUB_WARRANT_KEY_FILE: {
    schema: z.string(),
    fallback: '',
    says: 'File of the warrant key (JWK or JWK set) when it is given by path: the gateway’s own, or its public half for a library.',
  },
  HUB_SCHEMA_DIR: {
    schema: z.string(),
    fallback: '',
    says: "Folder of the libraries' SDL files, where departments keep them elsewhere than in schema/libraries/.",
  },
  HUB_PURPOSES_FILE: {
    schema: z.string(),
    fallback: '',
    says: 'File (JSON) with the names of service items, which purposes are, and of departments that list nothing in the directory, as in `prisma/country/purposes.json`, which `npm start` takes for the made-up country; left out: the hub knows no names.',
  },
  HUB_PERSONS: {
    schema: z.union([z.literal('0').transform(Number), wholeNumber(100, 3_000_000)], {
      error: 'must be a whole number from 100 to 3000000, or 0',
    }),
    fallback: '25000',
    says: 'People made on first start, everything else in proportion; 0: none, the stores stay as they are.',
  },
  HUB_STILL_DAY: {
    schema: z.enum(['on', 'off']),
    fallback: 'off',
    says: 'Whether the made-up country stands still at the day it was made for, 2026-06-30: `on` tells how fresh its rows are as of that day, `off` as of today.',
  },
  HUB_POSTGRES_URL: {
    schema: postgresUrl.or(z.literal('')),
    fallback: '',
    says: 'One PostgreSQL server instead of the embedded one: a database per library, made if missing.',
  },
  OIDC_ISSUER: {
    schema: issuerUrl,
    fallback: '',
    says: 'Issuer of the unified identity authentication (OIDC), https; the embedded identity provider is off as soon as it is set.',
  },
  OIDC_AUDIENCE: {
    schema: z.string().min(1),
    fallback: 'longyuan',
    says: 'What a token must name as its audience to be for the hub.',
  },
  OIDC_JWKS_URL: {
    schema: issuerUrl,
    fallback: '',
    says: "Where the issuer publishes its keys; left out: as the issuer's discovery document says.",
  },
  OIDC_LONGEST_LIFE_SECONDS: {
    schema: wholeNumber(60, 31_536_000),
    fallback: '86400',
    says: 'Longest life of a token, from when it was made until it expires; one that lasts longer is refused.',
  },
  OIDC_TOKEN_TYPES: {
    schema: z.string().regex(/^[\w+.-]+(,[\w+.-]+)*$/, 'must be types with commas between them'),
    fallback: 'at+jwt,jwt,none',
    says: "What the header of a token may say that it is (`typ`), with commas between; `none`: it may say nothing. `application/` and case don't count.",
  },
  HUB_LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    fallback: 'warn',
    says: 'Least severe level that is logged; at `info` each request has a line. Logs are JSON lines.',
  },
  HUB_LOG_ADDRESSES: {
    schema: z.enum(['on', 'off']),
    fallback: 'off',
    says: 'on: the line of a request says which address it came from.',
  },
  HUB_METRICS_TOKEN_FILE: {
    schema: z.string(),
    fallback: '',
    says: 'File of the token that whoever reads `/metrics` shows (`Authorization: Bearer …`); not set: the gateway answers it on this machine alone, without one, and the libraries nobody.',
  },
  HUB_LIBRARY_TIMEOUT_MS: {
    schema: wholeNumber(50, 60_000),
    fallback: '2500',
    says: 'How long one call to a library may take before its items are null with LIBRARY_TIMEOUT.',
  },
  HUB_REQUEST_TIMEOUT_MS: {
    schema: wholeNumber(100, 120_000),
    fallback: '10000',
    says: 'How long a whole request may take.',
  },
  HUB_HEALTH_INTERVAL_MS: {
    schema: wholeNumber(50, 60_000),
    fallback: '1000',
    says: 'How often the gateway asks a library that is not ready whether it answers; one that is, a tenth as often.',
  },
  HUB_REVOCATIONS_MAX_AGE_MS: {
    schema: wholeNumber(1_000, 60_000),
    fallback: '5000',
    says: 'How old a library’s list of its grants may be; while it cannot be refreshed, conditional items are refused.',
  },
  HUB_MAX_BODY_BYTES: {
    schema: wholeNumber(1_000, 100_000_000),
    fallback: '1000000',
    says: 'Largest request body that is read.',
  },
  HUB_MAX_TOKENS: {
    schema: wholeNumber(100, 1_000_000),
    fallback: '10000',
    says: 'Most tokens in one operation.',
  },
  HUB_MAX_DEPTH: {
    schema: wholeNumber(2, 1_000),
    fallback: '16',
    says: 'Deepest nesting of one operation.',
  },
  HUB_MAX_SELECTIONS: {
    schema: wholeNumber(10, 100_000),
    fallback: '5000',
    says: 'Most fields and fragments in one operation, once its fragments are written out.',
  },
  HUB_MAX_ALIASES: {
    schema: wholeNumber(1, 100_000),
    fallback: '500',
    says: 'Most fields of one operation that are given another name.',
  },
  HUB_MAX_ROOT_FIELDS: {
    schema: wholeNumber(1, 10_000),
    fallback: '100',
    says: 'Most root fields of one operation.',
  },
  HUB_MAX_CHANGES: {
    schema: wholeNumber(1, 10_000),
    fallback: '10',
    says: 'Most root fields of one mutation.',
  },
  HUB_MAX_DIRECTIVES: {
    schema: wholeNumber(1, 10_000),
    fallback: '100',
    says: 'Most directives in one operation.',
  },
  HUB_MAX_COST: {
    schema: wholeNumber(100, 1_000_000_000),
    fallback: '500000',
    says: 'Greatest cost of one operation: values its answer can hold by the sizes of its lists, one more for each row of another library, 120000 for each `explainAccess`.',
  },
  HUB_MAX_FETCHES: {
    schema: wholeNumber(1, 10_000),
    fallback: '128',
    says: 'Most calls to libraries that the plan of one operation makes.',
  },
  HUB_RATE_COST_PER_SECOND: {
    schema: wholeNumber(0, 1_000_000_000),
    fallback: '0',
    says: 'Cost a second that each caller with a token may spend (twice as much at once); 0: shared out while the hub is busy, else without limit.',
  },
  HUB_RATE_PUBLIC_COST_PER_SECOND: {
    schema: wholeNumber(0, 1_000_000_000),
    fallback: '0',
    says: 'The same for each address that asks without a token (IPv6: each /64).',
  },
  HUB_TRUSTED_PROXIES: {
    schema: z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
      .refine((all) => all.every(isAddressOrNetwork), 'must be addresses (10.0.0.1, 2001:db8::1) and networks (10.0.0.0/8)'),
    fallback: '',
    says: 'Addresses and networks (10.0.0.0/8), with commas between them, of the proxies before the hub: who they forward for, and under which address, is believed.',
  },
  HUB_FORWARDED_HEADER: {
    schema: z.enum(['x-forwarded-for', 'forwarded']),
    fallback: 'x-forwarded-for',
    says: 'Header in which trusted proxies name the client, and the address it asked for (`x-forwarded-for`: with `X-Forwarded-Host` and `-Proto`); the other is not read, because they pass it on as the client sent it.',
  },
  HUB_MISMATCHES_OF_SUBJECT: {
    schema: wholeNumber(1, 1_000),
    fallback: '10',
    says: 'Mismatches of one caller about one subject within a day before verification is refused.',
  },
  HUB_MISMATCHES_OF_CALLER: {
    schema: wholeNumber(1, 1_000_000),
    fallback: '1000',
    says: 'Mismatches of one caller in all within a day before verification is refused.',
  },
  HUB_MAX_VALUES: {
    schema: wholeNumber(100, 10_000_000),
    fallback: '120000',
    says: 'Most values that libraries bring together for one operation: what is asked of each entry of their lists.',
  },
  HUB_MAX_ANSWER_BYTES: {
    schema: wholeNumber(1_000, 100_000_000),
    fallback: '5000000',
    says: 'Most bytes that libraries bring together for one operation.',
  },
  HUB_WARRANT_CHECK: {
    schema: z.enum(['on', 'off']),
    fallback: 'on',
    says: 'off: libraries answer calls without a warrant, so that another gateway can be tried. Only over the embedded demo.',
  },
  HUB_SUBGRAPH_HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    says: 'Address that a library listens on. Beyond this machine it needs a certificate.',
  },
  HUB_SUBGRAPH_TLS_CERT: {
    schema: z.string(),
    fallback: '',
    says: 'Certificate (PEM file) with which a library answers over HTTPS.',
  },
  HUB_SUBGRAPH_TLS_KEY: {
    schema: z.string(),
    fallback: '',
    says: 'Private key (PEM file) of that certificate.',
  },
  HUB_SUBGRAPH_TLS_CA: {
    schema: z.string(),
    fallback: '',
    says: 'Authority (PEM file) of the gateways’ certificates: then a library speaks with nobody who shows none of its own.',
  },
  HUB_GATEWAY_TLS_CERT: {
    schema: z.string(),
    fallback: '',
    says: 'Certificate (PEM file) that the gateway shows to libraries.',
  },
  HUB_GATEWAY_TLS_KEY: {
    schema: z.string(),
    fallback: '',
    says: 'Private key (PEM file) of that certificate.',
  },
  HUB_GATEWAY_TLS_CA: {
    schema: z.string(),
    fallback: '',
    says: 'Authority (PEM file) of the libraries’ certificates; not set: those that Node knows.',
  },
  HUB_QUALITY_INTERVAL_HOURS: {
    schema: wholeNumber(0, 8_760),
    fallback: '24',
    says: "How often the quality of every library's data is measured by itself, in hours; 0: only when asked.",
  },
  HUB_DATABASE_CONNECTIONS: {
    schema: wholeNumber(1, 100),
    fallback: '6',
    says: 'Most connections one library holds to its database; of two or more, one is for the hub’s own questions.',
  },
} as const satisfies Record<string, Variable>;

/** One end of TLS, as paths of PEM files. */
export type TlsFiles = Readonly<{
  /** What this end shows of itself; null: nothing. */
  own: Readonly<{ cert: string; key: string }> | null;
  /** Who signs what the other end shows; null: nobody in particular. */
  ca: string | null;
}>;

/** What every process of the hub is told when it starts. Frozen; made once, at the edge. */
export type Settings = Readonly<{
  port: number;
  /** Without a slash at its end; null: not said. */
  publicUrl: string | null;
  /** Whose pages may read what is not open to all of them. */
  allowedOrigins: readonly string[];
  dataDir: string;
  /** Null: in the data folder, made on first use. */
  warrantKeyFile: string | null;
  /** Where the libraries' SDL is read from; undefined: the hub's own `schema/`. */
  schemaFolder: URL | undefined;
  /** Null: the hub knows no service item and no department by name. */
  purposesFile: string | null;
  persons: number;
  /** Rows that the hub made up are as fresh as on the day they were made for, and not as the clock says. */
  isDayStill: boolean;
  logLevel: z.infer<(typeof variables)['HUB_LOG_LEVEL']['schema']>;
  /** Whether the log says which address a request came from. */
  logAddresses: boolean;
  /** Null: figures are for this machine alone. */
  metricsTokenFile: string | null;
  /** Null: no traces are sent. */
  tracing: TracingSettings | null;
  /** Database URLs: of one server for all, and of single libraries by their name (`e-license`). */
  postgres: Readonly<{ serverUrl: string | null; urlByLibrary: Readonly<Record<string, string>> }>;
  identity: IdentitySettings;
  qualityIntervalHours: number;
  databaseConnections: number;
  /** Subgraphs: where one listens, how it and the gateway show who they are, and addresses of those that run elsewhere, by library. */
  subgraphs: Readonly<{ host: string; tls: TlsFiles; gatewayTls: TlsFiles; urlByLibrary: Readonly<Record<string, string>> }>;
  libraryTimeoutMs: number;
  requestTimeoutMs: number;
  healthIntervalMs: number;
  revocationsMaxAgeMs: number;
  maxBodyBytes: number;
  maxTokens: number;
  maxDepth: number;
  maxSelections: number;
  maxAliases: number;
  maxRootFields: number;
  maxChanges: number;
  maxDirectives: number;
  maxCost: number;
  maxFetches: number;
  /** Cost a second of a caller with a token, and of an address without one; 0: shared out while the hub is busy. */
  rateCostPerSecond: number;
  ratePublicCostPerSecond: number;
  /** Whose word on where a request comes from is believed, and the header that it stands in. */
  trustedProxies: readonly string[];
  forwardedHeader: z.infer<(typeof variables)['HUB_FORWARDED_HEADER']['schema']>;
  maxValues: number;
  maxAnswerBytes: number;
  /** Mismatches within a day before verification is refused. */
  mismatches: Readonly<{ ofSubject: number; ofCaller: number }>;
  /** Whether a library answers its gateway alone. False only over the embedded demo, where all data is made up. */
  warrantCheck: boolean;
}>;

/** Whose tokens the hub believes. `isEmbedded`: those of the provider that `npm start` runs at `issuer`; `jwksUrl` null: discovered. */
export type IdentitySettings = Readonly<{
  isEmbedded: boolean;
  issuer: string;
  audience: string;
  jwksUrl: string | null;
  longestLifeSeconds: number;
  /** Of a token's header; `none`: it says none. */
  tokenTypes: readonly string[];
}>;

/** The embedded identity provider listens on the hub's port plus this. */
const IDENTITY_OFFSET = 20;

/**
 * Reads and checks all settings at once.
 * @throws Error that lists every mistake, one per line, with the variable's name.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const mistakes: string[] = [];
  const read = <Name extends keyof typeof variables>(name: Name): z.infer<(typeof variables)[Name]['schema']> => {
    const given = environment[name];
    const text = given === undefined || given === '' ? variables[name].fallback : given;
    const parsed = variables[name].schema.safeParse(text);
    if (!parsed.success) mistakes.push(`${name}: ${sayIssues(parsed.error)}`);
    // A mistake is thrown below, together with all the others, before anyone reads the value.
    return parsed.data as z.infer<(typeof variables)[Name]['schema']>;
  };
  const urlByLibrary = readLibraryUrls(environment, databaseUrls, mistakes);
  const readTls = (end: 'SUBGRAPH' | 'GATEWAY'): TlsFiles => {
    const [cert, key, ca] = [read(`HUB_${end}_TLS_CERT`), read(`HUB_${end}_TLS_KEY`), read(`HUB_${end}_TLS_CA`)];
    if (Boolean(cert) !== Boolean(key)) mistakes.push(`HUB_${end}_TLS_CERT, HUB_${end}_TLS_KEY: one is set without the other`);
    return { own: cert && key ? { cert, key } : null, ca: ca || null };
  };
  const subgraphs = Object.freeze({
    host: read('HUB_SUBGRAPH_HOST'),
    tls: readTls('SUBGRAPH'),
    gatewayTls: readTls('GATEWAY'),
    urlByLibrary: readLibraryUrls(environment, subgraphUrls, mistakes),
  });
  if (!subgraphs.tls.own && subgraphs.tls.ca) mistakes.push('HUB_SUBGRAPH_TLS_CA: needs HUB_SUBGRAPH_TLS_CERT and HUB_SUBGRAPH_TLS_KEY');
  if (!subgraphs.tls.own && !isLoopback(subgraphs.host))
    mistakes.push('HUB_SUBGRAPH_HOST: beyond this machine a library needs HUB_SUBGRAPH_TLS_CERT and HUB_SUBGRAPH_TLS_KEY');
  const port = read('HUB_PORT');
  const issuer = read('OIDC_ISSUER');
  const settings: Settings = Object.freeze({
    port,
    publicUrl: read('HUB_PUBLIC_URL') || null,
    allowedOrigins: Object.freeze(read('HUB_ALLOWED_ORIGINS')),
    dataDir: resolve(read('HUB_DATA_DIR')),
    warrantKeyFile: read('HUB_WARRANT_KEY_FILE') || null,
    schemaFolder: readFolder(read('HUB_SCHEMA_DIR')),
    purposesFile: read('HUB_PURPOSES_FILE') || null,
    persons: read('HUB_PERSONS'),
    isDayStill: read('HUB_STILL_DAY') === 'on',
    logLevel: read('HUB_LOG_LEVEL'),
    logAddresses: read('HUB_LOG_ADDRESSES') === 'on',
    metricsTokenFile: read('HUB_METRICS_TOKEN_FILE') || null,
    tracing: readTracing(environment, mistakes),
    postgres: Object.freeze({ serverUrl: read('HUB_POSTGRES_URL') || null, urlByLibrary }),
    identity: Object.freeze({
      isEmbedded: issuer === '',
      issuer: issuer || `http://127.0.0.1:${port + IDENTITY_OFFSET}`,
      audience: read('OIDC_AUDIENCE'),
      jwksUrl: read('OIDC_JWKS_URL') || null,
      longestLifeSeconds: read('OIDC_LONGEST_LIFE_SECONDS'),
      tokenTypes: Object.freeze((read('OIDC_TOKEN_TYPES') ?? '').split(',')),
    }),
    qualityIntervalHours: read('HUB_QUALITY_INTERVAL_HOURS'),
    databaseConnections: read('HUB_DATABASE_CONNECTIONS'),
    subgraphs,
    libraryTimeoutMs: read('HUB_LIBRARY_TIMEOUT_MS'),
    requestTimeoutMs: read('HUB_REQUEST_TIMEOUT_MS'),
    healthIntervalMs: read('HUB_HEALTH_INTERVAL_MS'),
    revocationsMaxAgeMs: read('HUB_REVOCATIONS_MAX_AGE_MS'),
    maxBodyBytes: read('HUB_MAX_BODY_BYTES'),
    maxTokens: read('HUB_MAX_TOKENS'),
    maxDepth: read('HUB_MAX_DEPTH'),
    maxSelections: read('HUB_MAX_SELECTIONS'),
    maxAliases: read('HUB_MAX_ALIASES'),
    maxRootFields: read('HUB_MAX_ROOT_FIELDS'),
    maxChanges: read('HUB_MAX_CHANGES'),
    maxDirectives: read('HUB_MAX_DIRECTIVES'),
    maxCost: read('HUB_MAX_COST'),
    maxFetches: read('HUB_MAX_FETCHES'),
    rateCostPerSecond: read('HUB_RATE_COST_PER_SECOND'),
    ratePublicCostPerSecond: read('HUB_RATE_PUBLIC_COST_PER_SECOND'),
    trustedProxies: Object.freeze(read('HUB_TRUSTED_PROXIES')),
    forwardedHeader: read('HUB_FORWARDED_HEADER'),
    mismatches: Object.freeze({ ofSubject: read('HUB_MISMATCHES_OF_SUBJECT'), ofCaller: read('HUB_MISMATCHES_OF_CALLER') }),
    maxValues: read('HUB_MAX_VALUES'),
    maxAnswerBytes: read('HUB_MAX_ANSWER_BYTES'),
    warrantCheck: read('HUB_WARRANT_CHECK') === 'on',
  });
  if (!settings.warrantCheck) mistakes.push(...reasonsToCheckWarrants(settings, environment));
  mistakes.push(...findWrongNames(Object.keys(environment), Object.keys(variables), settings.schemaFolder));
  if (mistakes.length > 0) throw new Error(`The settings of the hub are not right:\n  ${mistakes.join('\n  ')}`);
  return settings;
}

/** What is wrong with a value, in the hub's words; the value itself is not repeated, since some are secret. */
function sayIssues({ issues }: z.ZodError): string {
  return issues.map((issue) => (issue.code === 'invalid_value' ? `must be one of ${issue.values.join(', ')}` : issue.message)).join('; ');
}

/**
 * The settings of a process that is just starting: where they are not right it says so on standard error, without a stack, and ends.
 */
export function readSettingsOrLeave(): Settings {
  try {
    return readEnvironment();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** What says that the data may be anybody's: then no library goes without its guard. */
function reasonsToCheckWarrants(settings: Settings, environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const only = 'HUB_WARRANT_CHECK: off is for the embedded demo and its made-up data only';
  const { serverUrl, urlByLibrary } = settings.postgres;
  return [
    ...(serverUrl === null ? [] : [`${only}, and HUB_POSTGRES_URL is set`]),
    ...Object.keys(urlByLibrary).map((library) => `${only}, and ${library} has a database of its own`),
    ...(settings.persons > 0 ? [] : [`${only}, and HUB_PERSONS is 0`]),
    ...(environment['OIDC_ISSUER'] ? [`${only}, and OIDC_ISSUER is set`] : []),
  ];
}

function readFolder(path: string): URL | undefined {
  return path === '' ? undefined : pathToFileURL(`${resolve(path)}/`);
}

/** The environment for a child process: this process's own, with these settings in place of its own. */
export function inheritEnvironment(settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...process.env, ...settings };
}

function isAddressOrNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isIP(address) !== 0 && (bits === undefined || Number(bits) <= (isIP(address) === 6 ? 128 : 32));
}

function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && isLoopback(url.hostname);
}
/** In the one spelling that links and names are made from, without a slash at its end; null where it is none. */
function readPublicUrl(text: string): string | null {
  if (text === '') return '';
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || /[?#]/.test(text)) return null;
  return /^(\/[\w.~-]+)*\/?$/.test(url.pathname) ? url.href.replace(/\/$/, '') : null;
}

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.parse(text)?.origin === text;
}

/** Variables that speak of one library each. */
type UrlVariables = Readonly<{ suffix: string; schema: z.ZodType; rule: string }>;
const databaseUrls: UrlVariables = { suffix: DATABASE_URL, schema: postgresUrl, rule: 'must be a postgresql:// URL' };
const subgraphUrls: UrlVariables = {
  suffix: SUBGRAPH_URL,
  schema: z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).pathname === '/'),
  rule: 'must be an https:// or http:// URL without a path',
};

/** `E_LICENSE_DATABASE_URL` speaks of the library `e-license`. */
function readLibraryUrls(
  environment: Readonly<Record<string, string | undefined>>,
  { suffix, schema, rule }: UrlVariables,
  mistakes: string[],
): Readonly<Record<string, string>> {
  const urls: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.endsWith(suffix) || !value) continue;
    if (schema.safeParse(value).success) urls[name.slice(0, -suffix.length).toLowerCase().replaceAll('_', '-')] = value;
    else mistakes.push(`${name}: ${rule}`);
  }
  return Object.freeze(urls);
}

/**
 * Keeps Apollo's gateway from sending figures about this machine to its maker: it asks the environment and has no option for it.
 * To be called before the gateway is made.
 */
export function forbidTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}
