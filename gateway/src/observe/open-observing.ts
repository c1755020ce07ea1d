import { keptSizes } from '@longyuan/schema/src/kept/kept-sizes.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { figureWhatIsKept } from '@longyuan/telemetry/kept-figures.ts';
import { type MetricsDoor, openMetricsDoor } from '@longyuan/telemetry/metrics-door.ts';
import { type Figures, openFigures } from '@longyuan/telemetry/process-figures.ts';
import type { Tracing } from '@longyuan/telemetry/span.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseAddress } from '../request/http-refusals.ts';
import { makeWholeAddress } from '../request/place-of-caller.ts';
import { type GatewayFigures, openGatewayFigures } from './gateway-figures.ts';
import { type RequestWatch, watchRequests } from './watch-requests.ts';

/** What looks on while a gateway answers: its figures, the log of its requests, their traces. */
export type Observing = Readonly<{
  figures: GatewayFigures;
  watch: RequestWatch;
  /** Serves `/metrics`. */
  serve(app: FastifyInstance): void;
}>;

/** Opens it. @throws KeyFault where the token of `/metrics` cannot be read. */
export async function openObserving(parts: { settings: Settings; log: Logger; tracing: Tracing }): Promise<Observing> {
  const { settings, log, tracing } = parts;
  const door = await openMetricsDoor(settings.metricsTokenFile);
  const printed = openFigures();
  figureWhatIsKept(printed.registry, keptSizes);
  const figures = openGatewayFigures(printed);
  const addressOf = makeWholeAddress(settings.trustedProxies, settings.forwardedHeader);
  return {
    figures,
    watch: watchRequests({ log, tracing, figures, addressOf: settings.logAddresses ? addressOf : null }),
    serve: (app) => {
      // Fastify wants a decoration's first value; `arrive` sets each request's own.
      app.decorateRequest('begun', null as unknown as FastifyRequest['begun']);
      registerMetrics(app, { figures: printed, door, addressOf });
    },
  };
}

/** Answers `GET /metrics` to whom it is for; to everybody else there is nothing at the address. */
function registerMetrics(
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
