import type { DatabaseTrouble } from '@longyuan/prisma/store/connect/database-trouble.ts';
import type { WatchedStore } from '@longyuan/prisma/store/connect/watch-store.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { GraphQLError } from 'graphql';

export type Doubt = WatchedStore['doubt'];

/**
 * What a caller is told where the store could not be asked, be it too busy, not up or in trouble, which is doubted: LIBRARY_UNAVAILABLE,
 * LIBRARY_TIMEOUT for what took too long. Null where the fault lies elsewhere. What is wrong stands in the log alone.
 */
export function answerTrouble(error: unknown, way: Readonly<{ library: string; doubt: Doubt }>): GraphQLError | null {
  const { library } = way;
  switch (codeOf(error)) {
    case 'STORE_BUSY':
      return refuse('STORE_BUSY', { library });
    case 'STORE_NOT_UP':
      return refuse('STORE_TROUBLE', { library });
    case 'CALL_OVER':
      return refuse('CALL_OVER', { library });
    default: {
      const trouble: DatabaseTrouble | null = way.doubt(error ?? null);
      if (!trouble) return null;
      if (!trouble.isSlow) return refuse('STORE_TROUBLE', { library });
      return refuse('STORE_SLOW', { library });
    }
  }
}

/** Prisma gives an error of another's its own class, and leaves it the code. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
