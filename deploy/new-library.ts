import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { generateClients } from '@longyuan/prisma/store/migrate/generate-clients.ts';
import { writeMigration } from '@longyuan/prisma/store/migrate/new-migration.ts';
import { isCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { openLog } from '@longyuan/settings/log.ts';

/**
 * `npm run library:new -- <name> [--title 中文名 --department 部门 --uscc 统一社会信用代码] [--seeded]`: makes a library out of `library-template/`,
 * which composes, migrates and starts with empty tables: one resource, whose items are to be written over. With `--seeded` the made-up country
 * has rows for it.
 */
const ROOT = dirname(import.meta.dirname);
const TEMPLATE = join(import.meta.dirname, 'library-template');
/** The owner until another is named: 甘肃省数据局. */
const OWNER = { department: '甘肃省数据局', uscc: '116299010000000436' };
const LAST_ORDER = 19;

type Words = Readonly<Record<string, string>>;

/** What the template's blanks say for a library of this name. @throws Error where there is, or can be, none of this name. */
function wordsFor(name: string, told: Partial<Record<'title' | 'department' | 'uscc', string>>): Words {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(`"${name}" is no name of a library: small letters, digits and hyphens (case, e-license)`);
  if (told.uscc !== undefined && !isCreditCode(told.uscc))
    throw new Error(`--uscc ${told.uscc} is no unified social credit code (GB 32100): 18 characters, the last of them a check digit`);
  for (const [option, word] of Object.entries(told))
    if (word.trim() === '' || /["\\\p{Cc}]/u.test(word))
      throw new Error(`--${option} is to be words on one line without quotes or backslashes`);
  const libraries = readLibraries();
  if (libraries.some((library) => library.name === name))
    throw new Error(`There is a library ${name} already: schema/libraries/${name}.graphql`);
  const order = Math.max(0, ...libraries.map((library) => library.order)) + 1;
  if (order > LAST_ORDER)
    throw new Error(`The ports HUB_PORT + 1 to ${LAST_ORDER} are all taken by libraries; give one of them another order`);
  const letters = new Set(libraries.flatMap(({ sdl }) => [...sdl.matchAll(/@item\(code: "([A-Z])/g)].map(([, letter = '']) => letter)));
  const letter = [...'ABDEFHIJKMNOQRSTUVWYZPLGCX'].find((each) => !letters.has(each));
  if (letter === undefined) throw new Error('Every letter of item codes is taken; write the SDL by hand, with numbers that are free');
  const pascal = name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  const type = `${pascal}Record`;
  const camel = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
  return {
    ...{ name, pascal, type, letter, title: `${name} 主题库`, ...OWNER, ...told },
    ...{ root: camel(type), model: camel(type), store: name.replaceAll('-', '_'), order: String(order) },
    ...{ resource: `2${String(order).padStart(2, '0')}001/1`, today: new Date().toISOString().slice(0, 10) },
  };
}

/** Where each file of the template goes; null: nowhere. */
function targetOf(template: string, { name = '' }: Words, isSeeded: boolean): string | null {
  switch (template) {
    case 'library.graphql':
      return `schema/libraries/${name}.graphql`;
    case 'schema.prisma':
      return `prisma/${name}/schema.prisma`;
    case 'seed.ts':
      return isSeeded ? `prisma/country/seeds/${name}.ts` : null;
    default:
      return `subgraphs/${name}/${template}`;
  }
}

/** The folders that are this library's alone; `store` and `country` are names that prisma's folder needs itself. */
function foldersOf({ name = '' }: Words): readonly string[] {
  return [`prisma/${name}`, `subgraphs/${name}`];
}

function writeFiles(words: Words, isSeeded: boolean): readonly string[] {
  const files = readdirSync(TEMPLATE).flatMap((file) => {
    const target = targetOf(file.replace(/\.template$/, ''), words, isSeeded);
    const text = readFileSync(join(TEMPLATE, file), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, blank: string) => words[blank] ?? '');
    return target === null ? [] : [{ target, text }];
  });
  // Nothing is written over, and nothing half.
  const taken = [...foldersOf(words), ...files.map(({ target }) => target)].find((target) => existsSync(join(ROOT, target)));
  if (taken !== undefined) throw new Error(`${taken} is there already`);
  for (const { target, text } of files) {
    mkdirSync(dirname(join(ROOT, target)), { recursive: true });
    writeFileSync(join(ROOT, target), text);
  }
  return files.map(({ target }) => target);
}

async function main(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const options = { title: text, department: text, uscc: text, seeded: { type: 'boolean', default: false } } as const;
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
  const { seeded, ...told } = values;
  const [name] = positionals;
  if (name === undefined) throw new Error('Usage: npm run library:new -- <name> [--title … --department … --uscc …] [--seeded]');
  const words = wordsFor(name, told);
  const written = writeFiles(words, seeded);
  try {
    await makeReady(name, written);
  } catch (error) {
    // Half a library would keep the hub from composing, and this name from being tried again.
    for (const file of [...written, ...foldersOf(words)]) rmSync(join(ROOT, file), { recursive: true, force: true });
    throw error;
  }
}

/** Migrates, generates and composes a library whose files are written, and says what there is now. */
async function makeReady(name: string, written: readonly string[]): Promise<void> {
  const library = openLibraryFolder(name);
  const server = await openScratchServer(openLog('library', { logLevel: 'warn' }));
  const migration = await writeMigration(library, 'init', server.url).finally(() => server.close());
  await generateClients([library]);
  // How long a line is depends on the name.
  execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['check', '--write', ...written.filter((file) => file.endsWith('.ts'))], {
    cwd: ROOT,
  });
  execFileSync(process.execPath, [join(ROOT, 'schema/src/write-schema.ts')], { stdio: 'inherit' });
  const say = (line: string) => process.stdout.write(`${line}\n`);
  for (const file of [...written, ...(migration === null ? [] : [migration.slice(ROOT.length + 1)])]) say(`  ${file}`);
  say(
    `The library ${name} composes and migrates. Write its items into schema/libraries/${name}.graphql; then npm run check, and npm start.`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
