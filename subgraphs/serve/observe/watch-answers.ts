import type { ApolloServerPlugin } from '@apollo/server';
import { callNow } from '@longyuan/prisma/store/connect/call.ts';
import type { WarrantedCall } from '../pipeline.ts';

/** Notes the codes of the errors that an operation is answered with, for what is told of its call. */
export const watchAnswers: ApolloServerPlugin<WarrantedCall> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body } }) => {
      const { codes } = callNow()?.about ?? {};
      if (!codes || body.kind !== 'single') return;
      for (const { extensions } of body.singleResult.errors ?? []) codes.add(String(extensions?.['code'] ?? 'INTERNAL'));
    },
  }),
};
