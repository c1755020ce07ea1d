import { accessSync, constants } from 'node:fs';

/** What a test may need beyond Node, and where Debian's packages put it. */
const services = {
  postgresql: { file: '/usr/lib/postgresql/15/bin/postgres', package: 'postgresql-15' },
  postgis: { file: '/usr/share/postgresql/15/extension/postgis.control', package: 'postgresql-15-postgis-3' },
  openssl: { file: '/usr/bin/openssl', package: 'openssl' },
  chromium: { file: '/usr/bin/chromium', package: 'chromium' },
} as const;

export type Service = keyof typeof services;

/**
 * Why tests of these services are skipped: a line for people, or null where all are there.
 * @throws Error with TEST_SERVICES=required, when one is missing: then nothing may be skipped.
 */
export function missingServices(...needed: readonly Service[]): string | null {
  const missing = needed.filter((service) => !isThere(services[service].file)).map((service) => services[service].package);
  if (missing.length === 0) return null;
  const reason = `needs Debian's ${missing.join(', ')}`;
  if (process.env['TEST_SERVICES'] === 'required') throw new Error(`TEST_SERVICES=required, but this ${reason}`);
  return reason;
}

function isThere(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
