import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { KeyFault } from './key-fault.ts';
import { readKeyText, refuseForeignHand, refuseOpenSecret } from './read-key-text.ts';

/** One end of TLS, as paths of PEM files: what it shows of itself, and who signs what the other end shows. */
type TlsPaths = Readonly<{ own: Readonly<{ cert: string; key: string }> | null; ca: string | null }>;
/** What the files hold. */
export type TlsTexts = Readonly<{ own: Readonly<{ cert: string; key: string }> | null; ca: string | null }>;

const ADVICE = 'Put the right PEM file there, or name it in the settings.';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads the files of one end of TLS. Node says of a damaged one neither which it is nor, of an authority without a certificate, anything at all.
 * @throws KeyFault that names the file: for one that holds no certificate or key, a key of another certificate, or one that others can
 * read, and for any that others can change.
 */
export async function readTlsFiles({ own, ca }: TlsPaths): Promise<TlsTexts> {
  return { own: own && (await readOwn(own)), ca: ca === null ? null : (await readCertificates(ca)).text };
}

async function readOwn(paths: Readonly<{ cert: string; key: string }>): Promise<Readonly<{ cert: string; key: string }>> {
  const { text: cert, first } = await readCertificates(paths.cert);
  const read = await readKeyText(paths.key);
  refuseOpenSecret(paths.key, read);
  refuseForeignHand(paths.key, read);
  if (!first.checkPrivateKey(parseKey(read.text, paths.key))) {
    throw new KeyFault(paths.key, `is not the key of the certificate in ${paths.cert}`, ADVICE);
  }
  return { cert, key: read.text };
}

async function readCertificates(path: string): Promise<Readonly<{ text: string; first: X509Certificate }>> {
  const read = await readKeyText(path);
  refuseForeignHand(path, read);
  const { text } = read;
  try {
    const [first] = (text.match(CERTIFICATE) ?? []).map((each) => new X509Certificate(each));
    if (first) return { text, first };
  } catch {
    // Said below, as of a file without any.
  }
  throw new KeyFault(path, 'holds no certificate (PEM), or a damaged one', ADVICE);
}

function parseKey(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new KeyFault(path, 'holds no private key (PEM), or a damaged or encrypted one', ADVICE);
  }
}
