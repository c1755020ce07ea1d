import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback, isOwnHostHeader } from '@longyuan/settings/loopback.ts';
import { KeyFault } from '@longyuan/trust/key-fault.ts';
import { readKeyText, refuseForeignHand, refuseOpenSecret } from '@longyuan/trust/read-key-text.ts';

/** Whether the figures of a process are for whoever sent these headers from this address. */
export type MetricsDoor = (from: Readonly<{ headers: IncomingHttpHeaders; address: string }>) => boolean;

/** Long enough that nobody guesses it, and what a header can carry. */
const TOKEN = /^[\w.~+/=-]{16,512}$/;
/** What proxies add. Any of them says that somebody else is behind whoever calls. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto'] as const;

/**
 * Opens the door of `/metrics`: with a token, for whoever shows it, wherever they are; without one, for this machine alone, and for nobody
 * through a proxy on it: whoever is here asks for this machine by its own names.
 * @throws KeyFault where the file of the token cannot be used.
 */
export async function openMetricsDoor(tokenFile: string | null): Promise<MetricsDoor> {
  if (tokenFile === null)
    return ({ headers, address }) =>
      isLoopback(address) && FORWARDED.every((name) => headers[name] === undefined) && isOwnHostHeader(headers.host, null);
  const expected = hashOf(await readToken(tokenFile));
  return ({ headers }) => {
    const shown = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
    return shown !== undefined && timingSafeEqual(hashOf(shown), expected);
  };
}

/** That of a library, which answers nobody without a warrant: for whoever shows the token, and without one for nobody. */
export async function openLibraryMetricsDoor(tokenFile: string | null): Promise<MetricsDoor> {
  return tokenFile === null ? () => false : openMetricsDoor(tokenFile);
}

async function readToken(path: string): Promise<string> {
  const read = await readKeyText(path);
  refuseOpenSecret(path, read);
  refuseForeignHand(path, read);
  const token = read.text.replace(/\r?\n$/, '');
  if (!TOKEN.test(token))
    throw new KeyFault(
      path,
      'does not hold a token for /metrics (16 to 512 letters, digits and ._~+/=- in one line)',
      `Make one with \`openssl rand -hex 32 > ${path}\`, and give it to whoever reads the figures.`,
    );
  return token;
}

/** Of one length, whatever is shown. */
function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
