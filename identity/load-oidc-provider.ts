/**
 * The package `oidc-provider`. As it is loaded it warns of any Node that is not called long-term yet, as 26.10 is not; that one line is
 * kept back. Goes when the runtime in pnpm-workspace.yaml has the name.
 */
export async function loadOidcProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = (line: unknown) => {
    if (!String(line).includes('Unsupported runtime')) warn(line);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
