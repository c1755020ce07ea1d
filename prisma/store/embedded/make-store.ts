import { PGlite } from '@electric-sql/pglite';
import { slimPostgis } from './slim-postgis.ts';

// Run by open-store.ts as a process of its own, which leaves when that one does: makes an empty store in a folder. PostGIS is made
// here already, so that the migration that asks for it finds it: it takes seconds, in which the server would answer nobody.

process.on('disconnect', () => process.exit(1));
const [dataDir = '', cacheFolder = ''] = process.argv.slice(2);
try {
  const database = await PGlite.create({ dataDir, extensions: { postgis: slimPostgis(cacheFolder) } });
  await database.exec('CREATE EXTENSION postgis WITH SCHEMA public');
  await database.close();
  process.exit(0);
} catch (error) {
  // The message alone: the error quotes all seven megabytes of the statement.
  process.stderr.write(`${error instanceof Error ? error.message.slice(0, 500) : String(error)}\n`);
  process.exit(1);
}
