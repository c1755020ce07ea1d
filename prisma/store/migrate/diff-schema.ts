import { readFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { LibraryFolder } from './find-libraries.ts';

/**
 * The SQL that turns what a database holds for a library into what its schema.prisma says; null when they are the same.
 * Prisma's schema engine says it (the wasm one: the native one cannot be installed without its vendor's download server).
 * It does not see check constraints, functions and triggers, so those may be written into a migration by hand. It does see
 * indexes, spatial ones too: those stand in schema.prisma as `@@index([...], type: Gist)`.
 */
export async function diffSchema(library: LibraryFolder, connectionString: string): Promise<string | null> {
  // The engine's glue looks for this global when it panics; without it the panic's message is lost in a TypeError.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => {} } });
  const { SchemaEngine } = await import('@prisma/schema-engine-wasm');
  const pool = new pg.Pool({ connectionString, max: 1 });
  const files = [{ path: library.schemaFile, content: readFileSync(library.schemaFile, 'utf8') }];
  const engine = await SchemaEngine.new(
    { datamodels: files.map((file) => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adaptForEngine(pool)),
  );
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: library.folder },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? null : (stdout ?? '');
  } finally {
    engine.free();
    await pool.end();
  }
}

const internalCharOid = 18;
const textOid = 25;

/**
 * adapter-pg as the schema engine needs it: the type "char" of PostgreSQL's catalogue, which adapter-pg refuses, comes as a character.
 * The schema is `public`, because tables of the adapter's own schema come out unqualified, and a migration names its schema.
 */
function adaptForEngine(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  // The engine asks one question at a time, so the columns of the latest answer are those being converted.
  let characterColumns = new Set<number>();
  const query = pool.query.bind(pool);
  const asked = async (question: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const result = await query(question);
    characterColumns = new Set(result.fields.flatMap((field, at) => (field.dataTypeID === internalCharOid ? [at] : [])));
    for (const at of characterColumns) Object.assign(result.fields[at] ?? {}, { dataTypeID: textOid });
    return result;
  };
  Object.assign(pool, { query: asked });
  const inner = new PrismaPg(pool, { schema: 'public' });
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    connect: async () => presentCharacters(await inner.connect(), () => characterColumns),
    connectToShadowDb: () => inner.connectToShadowDb(),
  };
}

function presentCharacters(adapter: SqlDriverAdapter, characterColumns: () => ReadonlySet<number>): SqlDriverAdapter {
  const queryRaw: SqlDriverAdapter['queryRaw'] = async (question) => {
    const result = await adapter.queryRaw(question);
    const columns = characterColumns();
    return { ...result, columnTypes: result.columnTypes.map((type, at) => (columns.has(at) ? ColumnTypeEnum.Character : type)) };
  };
  return new Proxy(adapter, {
    get: (target, key) => {
      if (key === 'queryRaw') return queryRaw;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
