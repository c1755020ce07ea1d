import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const libraries = readLibraries().map((library) => library.name);

/** Which package may import which. What is not said is refused. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  telemetry: ['settings', 'trust'],
  schema: [],
  access: ['schema'],
  operation: ['schema', 'access'],
  trust: ['schema', 'access'],
  identity: ['settings', 'trust', 'schema'],
  portal: ['schema'],
  prisma: ['settings', 'trust', 'schema', 'access', 'telemetry'],
  subgraphs: ['settings', 'trust', 'schema', 'access', 'operation', 'prisma', 'telemetry'],
  inner: ['settings', 'trust', 'schema', 'access', 'operation', 'telemetry'],
  directory: ['settings', 'trust', 'schema', 'access', 'inner', 'prisma'],
  // Of the directory `main` alone knows.
  gateway: ['settings', 'trust', 'schema', 'access', 'operation', 'inner', 'directory', 'portal', 'telemetry'],
  deploy: ['settings', 'identity', 'schema', 'prisma'],
  test: [
    ...[
      'settings',
      'trust',
      'telemetry',
      'identity',
      'schema',
      'access',
      'operation',
      'portal',
      'prisma',
      'subgraphs',
      'inner',
      'directory',
      'gateway',
    ],
    'deploy',
  ],
};

/** A file of ours, from the root, and what it imports: paths from the root for our own files, names for packages. */
type Room = Readonly<{ file: string; imports: readonly string[] }>;

const rooms: readonly Room[] = Object.keys(arrows).flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    // A test beside the code may use what it needs.
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/(^|\/)(node_modules|client)\//.test(file))
    .map((file) => readRoom(join(folder, file))),
);

function readRoom(file: string): Room {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const imports = [...source.matchAll(/^(?:import|export)\b[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gms)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .map((target) => (target.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), target)) : target.replace(/^@longyuan\//, '')));
  return { file, imports };
}

const folderOf = (path: string) => path.split('/')[0] ?? '';

test('arrows between packages point one way', () => {
  const wrong = rooms.flatMap(({ file, imports }) =>
    imports
      .filter(
        (target) =>
          folderOf(target) in arrows && folderOf(target) !== folderOf(file) && !arrows[folderOf(file)]?.includes(folderOf(target)),
      )
      .map((target) => `${file} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('no file imports what imports it, however far around', () => {
  const importsOf = new Map(rooms.map(({ file, imports }) => [file, imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (done.has(file) || way.includes(file)) return;
    for (const target of importsOf.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const { file } of rooms) visit(file, []);
  expect(circles).toEqual([]);
});

test('folders of a package import in one direction, and nothing of what stands above them', () => {
  // What starts a process knows what it starts.
  const within = rooms.flatMap(({ file, imports }) => {
    const [, room = '', folder = ''] = /^(gateway\/src|directory|subgraphs\/serve)\/([\w-]+)\/(?!main\.ts)/.exec(file) ?? [];
    if (folder === '') return [];
    return imports.filter((target) => target.startsWith(`${room}/`)).map((target) => ({ file, room, folder, target }));
  });
  const folderWithin = ({ room, target }: (typeof within)[number]) => /^([\w-]+)\//.exec(target.slice(room.length + 1))?.[1] ?? null;
  const wrong = within.filter((one) => {
    const other = folderWithin(one);
    if (other === null) return true;
    const isBack = within.some((each) => each.room === one.room && each.folder === other && folderWithin(each) === one.folder);
    return other !== one.folder && isBack;
  });
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

test('a library knows itself and how to be served, and no other library', () => {
  const isOther = (library: string, target: string) =>
    libraries.some((other) => other !== library && (target.startsWith(`subgraphs/${other}/`) || target.startsWith(`prisma/${other}/`)));
  const wrong = libraries.flatMap((library) =>
    rooms
      .filter(({ file }) => file.startsWith(`subgraphs/${library}/`) || file.startsWith(`prisma/${library}/`))
      .flatMap(({ file, imports }) => imports.filter((target) => isOther(library, target)).map((target) => `${file} -> ${target}`)),
  );
  expect(wrong).toEqual([]);
});

test('nothing that a department runs knows the made-up country: it is for the demo and for tests', () => {
  const wrong = rooms
    .filter(({ file }) => !/^(prisma\/country|deploy|test)\//.test(file))
    .flatMap(({ file, imports }) =>
      imports.filter((target) => target.startsWith('prisma/country/')).map((target) => `${file} -> ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('a library’s folder in prisma is its own, and holds what it stores alone', () => {
  const wrong = rooms.flatMap(({ file, imports }) =>
    imports
      .filter((target) => /^prisma\/(?!(store|country|reference)\/)/.test(target))
      .filter((target) => !file.startsWith('test/') && !file.startsWith(`subgraphs/${target.split('/')[1]}/`))
      .map((target) => `${file} -> ${target}`),
  );
  expect(wrong).toEqual([]);
  const code = rooms.map(({ file }) => file).filter((file) => /^prisma\/(?!(store|country|reference)\/)/.test(file));
  expect(code).toEqual([]);
});

test('in prisma, the made-up country stands on stores and real facts, and these on nothing in there', () => {
  const wrong = rooms.flatMap(({ file, imports }) =>
    imports
      .filter((target) => /^prisma\/(store|reference)\//.test(file) && target.startsWith('prisma/'))
      .filter((target) => target.split('/')[1] !== file.split('/')[1])
      .map((target) => `${file} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('what serves every library, and the gateway, name none', () => {
  const wrong = rooms
    .filter(({ file }) => /^(subgraphs\/serve|gateway|directory|inner|deploy)\//.test(file))
    .flatMap(({ file, imports }) =>
      imports
        .filter((target) =>
          libraries.some((library) => target.startsWith(`subgraphs/${library}/`) || target.startsWith(`prisma/${library}/`)),
        )
        .map((target) => `${file} -> ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('of the gateway `main` alone knows the directory, which has a database, and only its own', () => {
  const knowing = rooms.filter(
    ({ file, imports }) => file.startsWith('gateway/') && imports.some((target) => folderOf(target) === 'directory'),
  );
  expect(knowing.map(({ file }) => file)).toEqual(['gateway/src/main.ts']);
  const wrong = rooms
    .filter(({ file }) => file.startsWith('directory/'))
    .flatMap(({ file, imports }) =>
      imports
        .filter((target) => folderOf(target) === 'prisma' && !/^prisma\/store\/(connect|migrate)\//.test(target))
        .map((target) => `${file} -> ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('only the store of a library knows Prisma', () => {
  const wrong = rooms
    .filter(
      ({ file }) =>
        libraries.some((library) => file.startsWith(`subgraphs/${library}/`)) && !/^subgraphs\/[\w-]+\/store(\.ts$|\/)/.test(file),
    )
    .filter(
      ({ file, imports }) =>
        !file.endsWith('.test.ts') && imports.some((target) => target.includes('/client/') || target.startsWith('@prisma/')),
    );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('a library has one name, spelled the same in three folders', () => {
  for (const library of libraries) {
    expect(
      rooms.some(({ file }) => file === `subgraphs/${library}/server.ts`),
      `subgraphs/${library}/server.ts`,
    ).toBe(true);
    expect(readdirSync(join(ROOT, 'prisma', library)), `prisma/${library}`).toEqual(
      expect.arrayContaining(['schema.prisma', 'migrations']),
    );
  }
  const seeds = rooms.flatMap(({ file }) => /^prisma\/country\/seeds\/(.+)\.ts$/.exec(file)?.[1] ?? []);
  expect(seeds.filter((name) => !libraries.includes(name))).toEqual([]);
});

test('the environment is read in one place', () => {
  const readers = rooms.filter(({ file }) => /process\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')) && !file.startsWith('test/'));
  expect(readers.map(({ file }) => file)).toEqual(['settings/environment.ts']);
});

test('OpenTelemetry is known to one file, which is loaded only where traces are sent', () => {
  const knowing = rooms.filter(({ imports }) => imports.some((target) => target.startsWith('@opentelemetry/')));
  expect(knowing.map(({ file }) => file)).toEqual(['telemetry/send-traces.ts']);
  const loading = rooms.filter(({ imports }) => imports.includes('telemetry/send-traces.ts'));
  expect(loading.map(({ file }) => file)).toEqual(['telemetry/open-tracing.ts']);
  expect(readFileSync(join(ROOT, 'telemetry/open-tracing.ts'), 'utf8')).not.toMatch(/from '.*send-traces/);
});

test('no file or folder is called by a name that says nothing', () => {
  expect(rooms.map(({ file }) => file).filter((file) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.|$)/.test(file))).toEqual([]);
});

test('whatever is kept with a bound of its own stands in the table of what is kept', () => {
  const [, table = ''] = readFileSync(join(ROOT, 'gateway/README.md'), 'utf8').split('**What is kept.**');
  const unsaid = rooms
    .filter(({ file }) => /\bnew LRUCache<|= keepByOperation</.test(readFileSync(join(ROOT, file), 'utf8')))
    .filter(({ file }) => !table.includes(`\`${file.replace(/^gateway\/src\//, '')}\``));
  expect(unsaid.map(({ file }) => file)).toEqual([]);
});

test('nobody but `operation` walks what an operation selects', () => {
  const walkers = rooms.filter(({ file }) => {
    if (file.startsWith('operation/') || file.startsWith('test/')) return false;
    const text = readFileSync(join(ROOT, file), 'utf8');
    // The walk of graphql-js; `schema` walks SDL with it.
    const walks = !file.startsWith('schema/') && /\bvisit(InParallel)?\b[^}]*\} from 'graphql'/.test(text);
    return walks || /\bselectionSet\b|\bSelectionSet|\bFragmentSpread/.test(text);
  });
  expect(walkers.map(({ file }) => file)).toEqual([]);
});

test('a file that a README names is there', () => {
  const files = ['README.md', ...Object.keys(arrows), 'bench', 'interop'].flatMap((folder) =>
    folder === 'README.md'
      ? [folder]
      : readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
          .map((file) => join(folder, file))
          .filter((file) => !/(^|\/)(node_modules|client)\//.test(file)),
  );
  const known = new Set(files.flatMap((file) => [file, basename(file)]));
  const missing = files
    .filter((file) => basename(file) === 'README.md')
    .flatMap((readme) =>
      [...readFileSync(join(ROOT, readme), 'utf8').matchAll(/`((?:[\w-]+\/)*[\w.-]+\.ts)`/g)]
        .map(([, named = '']) => named)
        // From the root, from beside the README, or by its name alone.
        .filter((named) => ![named, join(dirname(readme), named), join(dirname(readme), 'src', named)].some((file) => known.has(file)))
        .map((named) => `${readme}: ${named}`),
    );
  expect(missing).toEqual([]);
});
