import { once } from 'node:events';
import { connect } from 'node:net';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { NO_SPAN } from '@longyuan/telemetry/span.ts';
import { afterAll, expect, test } from 'vitest';
import { makeHttpServer } from '../http/make-http-server.ts';
import type { Account } from '../request/request-budget.ts';
import { openRequestDoor } from './admit-request.ts';

const settings = readEnvironment({});
const app = makeHttpServer(settings, openLog('gateway', settings), { arrive: () => NO_SPAN, leave: () => {} });
afterAll(() => app.close());

test('a client that leaves while it is found out who it is takes nothing up, and one that stays gives it back with its answer', async () => {
  const account = (): Account => {
    opened += 1;
    return {
      place: { room: '', who: '', weight: 1, isPublic: true },
      take: async () => null,
      spend: () => {},
      taken: () => 0,
      close: () => {
        opened -= 1;
      },
    };
  };
  let opened = 0;
  let mostOpened = 0;
  const known = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<void>();
  const letIn = Promise.withResolvers<void>();
  const door = openRequestDoor({
    limiter: { open: account, openPart: account },
    load: { arrive: () => {}, isBusy: () => true },
    addressOf: () => '',
  });
  app.route({
    method: 'GET',
    url: '/asked',
    onRequest: async (request, reply) => {
      reply.raw.once('close', () => left.resolve());
      seen.resolve();
      await known.promise;
      const refused = await door.admit(request, reply, PUBLIC);
      mostOpened = Math.max(mostOpened, opened);
      letIn.resolve();
      return refused;
    },
    handler: async () => 'answered',
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /asked HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await seen.promise;
  socket.destroy();
  await left.promise;
  known.resolve();
  await letIn.promise;
  expect(mostOpened).toBe(0);
  expect(await (await fetch(`${url}/asked`)).text()).toBe('answered');
  expect({ mostOpened, opened }).toEqual({ mostOpened: 1, opened: 0 });
});
