import { readFile, writeFile } from 'node:fs/promises';
import { composeSupergraph } from './compose-supergraph.ts';
import { readInnerSubgraphs } from './directory-subgraph.ts';
import { publicSchema } from './public-schema.ts';
import { readLibraries } from './read-libraries.ts';

/**
 * `npm run schema`: composes the libraries and writes what callers see, so that a change of the contract shows in review.
 * With `--check` it writes nothing and fails when a file is not what the libraries compose to.
 */
const isCheck = process.argv.includes('--check');

async function main(): Promise<void> {
  const libraries = readLibraries();
  const beside = readInnerSubgraphs();
  const { supergraphSdl, apiSdl } = composeSupergraph(libraries, beside);
  const files = {
    'supergraph.graphql': supergraphSdl,
    'api.graphql': `${apiSdl}\n`,
    'public.graphql': publicSchema(libraries, apiSdl, beside),
  };
  for (const [name, sdl] of Object.entries(files)) {
    const file = new URL(`../composed/${name}`, import.meta.url);
    if (!isCheck) {
      await writeFile(file, sdl);
    } else if ((await readFile(file, 'utf8').catch(() => '')) !== sdl) {
      process.stderr.write(
        `schema/composed/${name} is not what the libraries compose to. Run \`npm run schema\` and look at the difference.\n`,
      );
      process.exitCode = 1;
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
