import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment, variables } from './environment.ts';

test('nothing set is the hub on this machine with its embedded databases', () => {
  const settings = readEnvironment({});
  expect(settings.port).toBe(4000);
  expect(settings.postgres).toEqual({ serverUrl: null, urlByLibrary: {} });
  expect(settings.persons).toBe(25_000);
});

test('every mistake is told at once, by the name of its variable', () => {
  const read = () => readEnvironment({ HUB_PORT: 'banana', HUB_LOG_LEVEL: 'loud', HUB_PROT: '1', CREDIT_DATABASE_URL: 'mysql://x' });
  expect(read).toThrow('HUB_PORT: must be a whole number from 1 to 65000\n');
  expect(read).toThrow('HUB_LOG_LEVEL: must be one of trace, debug, info, warn, error, silent\n');
  expect(read).toThrow('HUB_PROT: no such setting; HUB_PORT is meant?');
  expect(read).toThrow(/CREDIT_DATABASE_URL: must be a postgresql:\/\/ URL/);
});

test('whose tokens are believed: the embedded provider’s, or those of an issuer that TLS speaks for', () => {
  expect(readEnvironment({ HUB_PORT: '5000' }).identity).toEqual({
    ...{
      isEmbedded: true,
      issuer: 'http://127.0.0.1:5020',
      audience: 'longyuan',
      jwksUrl: null,
      longestLifeSeconds: 86_400,
      tokenTypes: ['at+jwt', 'jwt', 'none'],
    },
  });
  expect(readEnvironment({ OIDC_ISSUER: 'https://id.example/realm', OIDC_AUDIENCE: 'hub' }).identity).toEqual({
    ...{
      isEmbedded: false,
      issuer: 'https://id.example/realm',
      audience: 'hub',
      jwksUrl: null,
      longestLifeSeconds: 86_400,
      tokenTypes: ['at+jwt', 'jwt', 'none'],
    },
  });
  expect(readEnvironment({ OIDC_ISSUER: 'http://localhost:9000' }).identity.isEmbedded).toBe(false);
  for (const wrong of ['http://id.example', 'id.example', 'ftp://id.example', 'http://127.0.0.1.example']) {
    expect(() => readEnvironment({ OIDC_ISSUER: wrong }), wrong).toThrow('OIDC_ISSUER: must be an https:// URL');
  }
});

test('the address that the world knows is http or https, with a path at most, and is read in one spelling', () => {
  const read = (text: string) => readEnvironment({ HUB_PUBLIC_URL: text }).publicUrl;
  expect(readEnvironment({}).publicUrl).toBeNull();
  for (const text of ['https://data.example', 'https://data.example/', 'https://Data.Example:443'])
    expect(read(text)).toBe('https://data.example');
  for (const text of ['http://10.0.0.5:8080/open/hub/', 'http://10.0.0.5:8080/open/hub'])
    expect(read(text)).toBe('http://10.0.0.5:8080/open/hub');
  for (const wrong of [
    ...[
      'data.example',
      'ftp://data.example',
      'javascript:alert(1)',
      'https://',
      'https://me:secret@data.example',
      'https://me@data.example',
    ],
    ...[
      'https://data.example/?a=b',
      'https://data.example?',
      'https://data.example/#x',
      'https://data.example/a b',
      'https://data.example/"><x',
    ],
    ...['https://data.example//hub'],
  ]) {
    expect(() => read(wrong), wrong).toThrow(/HUB_PUBLIC_URL: must be https/);
  }
});

test('origins whose pages may read are written as browsers send them', () => {
  const read = (text: string) => readEnvironment({ HUB_ALLOWED_ORIGINS: text }).allowedOrigins;
  expect(read('')).toEqual([]);
  expect(read('https://portal.example, http://localhost:3000')).toEqual(['https://portal.example', 'http://localhost:3000']);
  for (const wrong of [
    '*',
    'null',
    'https://*.example',
    'portal.example',
    'https://portal.example/',
    'https://Portal.example',
    'https://portal.example:443',
    'file://',
    'https://a@portal.example',
  ]) {
    expect(() => read(wrong), wrong).toThrow(/HUB_ALLOWED_ORIGINS: must be origins/);
  }
});

test('a library’s own database is named after it', () => {
  const { postgres } = readEnvironment({ E_LICENSE_DATABASE_URL: 'postgresql://db/licenses' });
  expect(postgres.urlByLibrary).toEqual({ 'e-license': 'postgresql://db/licenses' });
});

test('libraries go without a warrant only over the embedded demo', () => {
  expect(readEnvironment({}).warrantCheck).toBe(true);
  expect(readEnvironment({ HUB_WARRANT_CHECK: 'off' }).warrantCheck).toBe(false);
  const others = {
    HUB_POSTGRES_URL: 'postgresql://db',
    CREDIT_DATABASE_URL: 'postgresql://db/credit',
    HUB_PERSONS: '0',
    OIDC_ISSUER: 'https://id',
  };
  for (const [name, value] of Object.entries(others)) {
    expect(() => readEnvironment({ HUB_WARRANT_CHECK: 'off', [name]: value }), name).toThrow(
      /HUB_WARRANT_CHECK: off is for the embedded demo/,
    );
  }
  expect(() => readEnvironment({ HUB_WARRANT_CHECK: 'no' })).toThrow(/HUB_WARRANT_CHECK: /);
});

test('a library that listens beyond this machine has a certificate, and one of its own is whole', () => {
  expect(() => readEnvironment({ HUB_SUBGRAPH_HOST: '0.0.0.0' })).toThrow(/HUB_SUBGRAPH_HOST: beyond this machine/);
  expect(() => readEnvironment({ HUB_GATEWAY_TLS_CERT: 'c.pem' })).toThrow(/one is set without the other/);
  expect(() => readEnvironment({ HUB_SUBGRAPH_TLS_CA: 'ca.pem' })).toThrow(/HUB_SUBGRAPH_TLS_CA: needs/);
  const { subgraphs } = readEnvironment({ HUB_SUBGRAPH_HOST: '0.0.0.0', HUB_SUBGRAPH_TLS_CERT: 'c.pem', HUB_SUBGRAPH_TLS_KEY: 'k.pem' });
  expect(subgraphs).toMatchObject({ host: '0.0.0.0', tls: { own: { cert: 'c.pem', key: 'k.pem' }, ca: null } });
});

test('a library that runs elsewhere has an address of its own, without a path', () => {
  const { subgraphs } = readEnvironment({ E_LICENSE_SUBGRAPH_URL: 'https://licenses.example:8443' });
  expect(subgraphs.urlByLibrary).toEqual({ 'e-license': 'https://licenses.example:8443' });
  expect(() => readEnvironment({ CREDIT_SUBGRAPH_URL: 'https://a/graphql' })).toThrow(/CREDIT_SUBGRAPH_URL: must be/);
  expect(() => readEnvironment({ CREDIT_SUBGRAPH_URL: 'ftp://a' })).toThrow(/CREDIT_SUBGRAPH_URL: must be/);
});

test('settings cannot be changed once they are read', () => {
  const settings = readEnvironment({});
  expect(() => Object.assign(settings, { port: 1 })).toThrow(TypeError);
});

test('the README’s table names every setting with its default', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const [name, { fallback, says }] of Object.entries(variables)) {
    expect(readme).toContain(`| \`${name}\` | ${fallback ? `\`${fallback}\`` : '–'} | ${says} |`);
  }
});

test.each([
  ['HUB_DATADIR', 'HUB_DATADIR: no such setting; HUB_DATA_DIR is meant?'],
  ['hub_port', 'hub_port: no such setting; HUB_PORT is meant?'],
  ['OIDC_ISUER', 'OIDC_ISUER: no such setting; OIDC_ISSUER is meant?'],
  ['OIDC_CLIENT_SECRET', 'OIDC_CLIENT_SECRET: no such setting'],
  ['HUB_ELEPHANT', 'HUB_ELEPHANT: no such setting'],
  ['CREIDT_DATABASE_URL', 'CREIDT_DATABASE_URL: there is no such library; CREDIT_DATABASE_URL is meant?'],
  ['credit_database_url', 'credit_database_url: there is no such library; CREDIT_DATABASE_URL is meant?'],
  ['E-LICENSE_DATABASE_URL', 'E-LICENSE_DATABASE_URL: there is no such library; E_LICENSE_DATABASE_URL is meant?'],
  ['SALT_TAX_DATABASE_URL', 'SALT_TAX_DATABASE_URL: there is no such library'],
  ['GEOSPATAL_SUBGRAPH_URL', 'GEOSPATAL_SUBGRAPH_URL: there is no such library; GEOSPATIAL_SUBGRAPH_URL is meant?'],
  ['DIRECTORY_SUBGRAPH_URL', 'DIRECTORY_SUBGRAPH_URL: there is no such library'],
])('a name that the hub does not know is refused, with the one that was probably meant: %s', (name, told) => {
  expect(() => readEnvironment({ [name]: '' })).toThrow(`The settings of the hub are not right:\n  ${told}`);
  try {
    readEnvironment({ [name]: '' });
  } catch (error) {
    expect(String(error).split('\n').slice(1)).toEqual([`  ${told}`]);
  }
});

test('what others set is theirs', () => {
  const others = { DATABASE_URL: 'x', GITHUB_HUB_X: '1', npm_config_hub_port: '1', CHUB_PORT: '2', NODE_OPTIONS: '' };
  expect(readEnvironment({ ...others, DIRECTORY_DATABASE_URL: 'postgresql://db' }).port).toBe(4000);
});

test.each([
  ['HUB_PORT', '1e3', 'must be a whole number from 1 to 65000'],
  ['HUB_PORT', '0', 'must be a whole number from 1 to 65000'],
  ['HUB_PORT', ' 4000', 'must be a whole number from 1 to 65000'],
  ['HUB_PERSONS', '99', 'must be a whole number from 100 to 3000000, or 0'],
  ['HUB_PERSONS', 'many', 'must be a whole number from 100 to 3000000, or 0'],
  ['HUB_WARRANT_CHECK', 'no', 'must be one of on, off'],
  ['HUB_POSTGRES_URL', 'db.internal', 'must be a postgresql:// URL'],
])('%s=%s is refused in words of the hub', (name, value, told) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(`^The settings of the hub are not right:\n  ${name}: ${told}$`));
});
