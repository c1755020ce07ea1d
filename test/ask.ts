import { measurePace, patience } from './patience.ts';

/** A GraphQL answer as a caller gets it, with the HTTP status. */
export type Answer = {
  status: number;
  // Tests compare whole answers with literals, so their shape needs no type.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  data?: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [fact: string]: unknown } }[];
};

/** Where a hub is, and as whom it is asked where nothing else is said: with whose token, and for which purpose. */
export type AskedHub = Readonly<{ url: string; token?: string; purpose?: string }>;

/** Asks a hub, as a program would; `door` is the address on it, `token` the caller's own, null for none. */
export async function ask(
  hub: AskedHub,
  query: string,
  variables: Record<string, unknown> = {},
  door: '/graphql' | '/public/graphql' = '/graphql',
  token: string | null = door === '/graphql' ? (hub.token ?? null) : null,
): Promise<Answer> {
  const response = await fetch(`${hub.url}${door}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(hub.purpose !== undefined && door === '/graphql' && { 'x-purpose': hub.purpose }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

/** Asks, and insists on an answer without errors. */
export async function askWell(hub: AskedHub, query: string, variables: Record<string, unknown> = {}): Promise<NonNullable<Answer['data']>> {
  const { data, errors } = await ask(hub, query, variables);
  if (errors) throw new Error(`${query}\nwas answered with ${JSON.stringify(errors, null, 2)}`);
  return data;
}

/**
 * Resolves when the condition holds, asking again a few times a second.
 * @param quietMs the longest that a quiet machine may take.
 * @throws Error after the limit, saying what was waited for.
 */
export async function until(what: string, quietMs: number, holds: () => Promise<boolean>): Promise<void> {
  const started = performance.now();
  let limitMs = patience(quietMs);
  while (!(await holds())) {
    if (performance.now() - started > limitMs) {
      // The machine may have more to do now than when the run began.
      const nowMs = quietMs * measurePace();
      if (nowMs <= limitMs || performance.now() - started > nowMs) throw new Error(`After ${limitMs} ms still not: ${what}`);
      limitMs = nowMs;
    }
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** Resolves when the directory answers: it is brought up beside the libraries, and may be a moment later than they are. */
export function directoryAnswers(hub: { url: string }): Promise<void> {
  return until('the directory answers', 20_000, async () => !(await ask(hub, '{ resources(first: 1) { total } }')).errors);
}
