import { readLibraries } from '../schema/src/read-libraries.ts';
import { readEnvironment } from '../settings/environment.ts';

const settings = readEnvironment();

/**
 * Where Hive Gateway finds the subgraphs: the supergraph knows them by name, and has no address in it. The directory answers within the
 * hub's own gateway and cannot be reached by another.
 */
export const gatewayConfig = {
  transportEntries: Object.fromEntries(
    readLibraries(settings.schemaFolder).map(({ name, order }) => [
      name,
      { location: `http://127.0.0.1:${settings.port + order}/graphql` },
    ]),
  ),
};
