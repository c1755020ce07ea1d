import { parseArgs } from 'node:util';
import { readEnvironment, type Settings } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { BLOCK_SIZE } from '../generate/block.ts';
import { MOST_BLOCKS } from '../generate/numbers.ts';
import { findSeeds } from './find-seeds.ts';
import { findSeeded, seedLibraries } from './load.ts';
import { withDatabase } from './with-database.ts';

/** What the command line asks for, or the sentence that says what is wrong with it. */
type Asked = Readonly<{ persons: number; reset: boolean; missing: boolean; libraries?: readonly string[] }>;

const usage = 'npm run seed -- [--persons N] [--reset | --missing] [--library NAME]…';
const mostPersons = MOST_BLOCKS * BLOCK_SIZE;

if (import.meta.main)
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) =>
    complain(`The libraries could not be filled: ${describe(error)}`),
  );

async function main(words: readonly string[]): Promise<number> {
  // Started by `npm start` and left alone, as when that was killed: the next start fills the libraries, and must not meet this one.
  process.once('disconnect', () => process.exit(1));
  // Listening for that must not keep the process up once all is done.
  process.channel?.unref();
  const settings = readEnvironment();
  const asked = readWords(words, settings);
  if (typeof asked === 'string') return complain(`${asked}\n${usage}`);
  const log = openLog('seed', settings);
  return await withDatabase(settings, async () => {
    const wanted = asked.libraries ?? findSeeds().map(({ name }) => name);
    const full = (await findSeeded(settings, log)).filter((name) => wanted.includes(name));
    if (full.length > 0 && !asked.reset && !asked.missing) {
      return complain(
        `These libraries hold data already: ${full.join(', ')}. --reset empties them first, and everything in them is lost; --missing fills only the others.`,
      );
    }
    const outcome = await seedLibraries({ settings, log, say: (line) => process.stdout.write(`${line}\n`), ...asked });
    return outcome.kind === 'refused' ? complain(outcome.reason) : 0;
  });
}

function readWords(words: readonly string[], settings: Settings): Asked | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        persons: { type: 'string' },
        reset: { type: 'boolean' },
        missing: { type: 'boolean' },
        library: { type: 'string', multiple: true },
      },
    });
    const persons = Number(values.persons ?? settings.persons);
    if (!Number.isInteger(persons) || persons < BLOCK_SIZE || persons > mostPersons) {
      return `--persons must be a whole number from ${BLOCK_SIZE} to ${mostPersons}`;
    }
    if (values.reset && values.missing) return '--reset and --missing exclude each other';
    const names = findSeeds().map(({ name }) => name);
    const stranger = values.library?.find((name) => !names.includes(name));
    if (stranger !== undefined) return `There is no library ${stranger}: ${names.join(', ')}`;
    return {
      persons,
      reset: values.reset ?? false,
      missing: values.missing ?? false,
      ...(values.library ? { libraries: values.library } : {}),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}

/** An address that nobody answers at comes as several errors in one, without words of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
