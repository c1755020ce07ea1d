import type { MetricsDoor } from '@longyuan/telemetry/metrics-door.ts';
import type { Figures } from '@longyuan/telemetry/process-figures.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseAddress } from '../http/http-refusals.ts';

/** Answers `GET /metrics` to whom it is for; to everybody else there is nothing at the address. */
export function registerMetrics(
  app: FastifyInstance,
  parts: { figures: Figures; door: MetricsDoor; addressOf: (request: FastifyRequest) => string },
): void {
  const { figures, door, addressOf } = parts;
  app.get('/metrics', async (request, reply) => {
    if (!door({ headers: request.headers, address: addressOf(request) })) return refuseAddress(request, reply);
    return reply
      .header('cache-control', 'no-store')
      .type(figures.contentType)
      .send(await figures.print());
  });
}
