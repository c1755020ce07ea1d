import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { FastifyInstance } from 'fastify';

/** One question of the home page: its name in Chinese and in English, and the operation. */
export type Example = Readonly<{ title: string; titleEn: string; query: string }>;

const HOME = new URL('home/', import.meta.url);
const GRAPHIQL = new URL('graphiql/', import.meta.url);
const EXAMPLES = new URL('examples/', import.meta.url);
const require = createRequire(import.meta.url);

/** Files of installed packages that GraphiQL's page loads, by the name under which they are served. */
const GRAPHIQL_FILES = {
  'react.js': 'react/umd/react.production.min.js',
  'react-dom.js': 'react-dom/umd/react-dom.production.min.js',
  'graphiql.js': 'graphiql/graphiql.min.js',
  'graphiql.css': 'graphiql/graphiql.min.css',
} as const;

/**
 * Serves the web faces: `/` and `/graphiql` with every file they need, all from the hub itself.
 * Pages name nothing by its whole path, so that they work below any address. They say what the libraries are called; what state they are in they ask `/health/ready`.
 */
export async function registerFaces(app: FastifyInstance, libraries: readonly Library[]): Promise<void> {
  const facts = {
    libraries: libraries.map(({ name, title, department }) => ({ name, title, department })),
    examples: readExamples(),
  };
  await app.register(fastifyStatic, { root: HOME, prefix: '/', index: 'index.html', wildcard: false });
  app.get('/home.json', async () => facts);
  app.get('/graphiql', async ({ url }, reply) =>
    // Its files are found from where it stands, wherever that is: with a slash behind it would be another place.
    /\/(\?|$)/.test(url) ? reply.redirect('../graphiql', 308) : reply.sendFile('index.html', GRAPHIQL.pathname),
  );
  app.get('/graphiql/start.js', async (_request, reply) => reply.sendFile('start.js', GRAPHIQL.pathname));
  for (const [name, file] of Object.entries(GRAPHIQL_FILES)) {
    const path = packageFile(file);
    app.get(`/graphiql/${name}`, async (_request, reply) => reply.sendFile(path.name, path.folder));
  }
}

/** The example questions, in the order of their file names. The first two lines of a file, comments, are its title in both languages. */
export function readExamples(): readonly Example[] {
  return readdirSync(EXAMPLES)
    .sort()
    .map((file) => {
      const [title = '', titleEn = '', ...rest] = readFileSync(new URL(file, EXAMPLES), 'utf8').split('\n');
      return { title: title.slice(2), titleEn: titleEn.slice(2), query: rest.join('\n').trim() };
    });
}

/** Packages with an exports map hide their built files; their package.json, or their entry, tells where they are. */
function packageFile(file: string): { folder: string; name: string } {
  const [packageName = '', ...inside] = file.split('/');
  const entry = require.resolve(`${packageName}/package.json`);
  const folder = [dirname(entry), ...inside.slice(0, -1)].join('/');
  return { folder, name: inside.at(-1) ?? '' };
}
