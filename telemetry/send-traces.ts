import { setTimeout } from 'node:timers/promises';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Sampler as SamplerSettings, TracingSettings } from '@longyuan/settings/tracing.ts';
import {
  type Context,
  defaultTextMapGetter,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Attributes, type Span, stateIn, type Tracing } from './span.ts';

/** How long the end of a process waits for what is still to be sent. */
const CLOSING_MS = 2_000;
/** That traces cannot be sent is said so often at most. */
const TOLD_EVERY_MS = 60_000;

/**
 * Sends traces to an OTLP receiver, by the packages of OpenTelemetry. Nothing of it is in an answer's way: spans wait in a bounded queue, what
 * finds no room is dropped, and a receiver that fails is told of in the log. Nothing is set up for the whole process: what is not named here
 * is not traced.
 */
export function sendTraces(part: string, settings: TracingSettings, log: Pick<Logger, 'warn'>): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': `longyuan-${part}`, 'service.namespace': 'longyuan', 'longyuan.part': part }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(settings.sampler),
    spanProcessors: [
      new BatchSpanProcessor({ ...settings.queue, exporter: tellOfFailures(new OTLPTraceExporter({ url: settings.url }), log) }),
    ],
  });
  const tracer = provider.getTracer('longyuan');
  const propagator = new W3CTraceContextPropagator();

  function spanIn(context: Context, own: OtelSpan): Span {
    const within = trace.setSpan(context, own);
    const start = (name: string, kind: SpanKind, attributes: Attributes = {}, sinceMs?: number): Span =>
      spanIn(within, tracer.startSpan(name, { kind, attributes, ...startedAt(sinceMs) }, within));
    return {
      traceId: own.spanContext().traceId,
      begin: (name, attributes, sinceMs) => start(name, SpanKind.INTERNAL, attributes, sinceMs),
      call: (name, attributes) => start(name, SpanKind.CLIENT, attributes),
      set: (attributes) => void own.setAttributes(attributes),
      end: (failure) => {
        if (failure !== undefined) own.setStatus({ code: SpanStatusCode.ERROR, message: failure }).setAttribute('error.type', failure);
        own.end();
      },
      headers: () => {
        const headers: Record<string, string> = {};
        propagator.inject(within, headers, { set: (carrier, name, value) => Object.assign(carrier, { [name]: value }) });
        return headers;
      },
    };
  }

  return {
    take: (name, headers, sinceMs) => {
      const { traceparent } = headers;
      const from = propagator.extract(
        ROOT_CONTEXT,
        { traceparent, tracestate: stateIn(headers['tracestate']) ?? undefined },
        defaultTextMapGetter,
      );
      return spanIn(from, tracer.startSpan(name, { kind: SpanKind.SERVER, ...startedAt(sinceMs) }, from));
    },
    close: () => Promise.race([provider.shutdown().catch(() => {}), setTimeout(CLOSING_MS, undefined, { ref: false })]),
  };
}

function startedAt(sinceMs: number | undefined): { startTime?: number } {
  return sinceMs === undefined ? {} : { startTime: performance.timeOrigin + sinceMs };
}

function samplerOf({ kind, ratio }: SamplerSettings): Sampler {
  switch (kind) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}

/** The same exporter; that it fails is logged now and then, without what the receiver says. */
function tellOfFailures(exporter: SpanExporter, log: Pick<Logger, 'warn'>): SpanExporter {
  let toldMs = Number.NEGATIVE_INFINITY;
  const tell = ({ code, error }: ExportResult): void => {
    if (code === ExportResultCode.SUCCESS || performance.now() - toldMs < TOLD_EVERY_MS) return;
    toldMs = performance.now();
    log.warn({ err: error }, 'traces cannot be sent to the OTLP endpoint; what finds no room in their queue is dropped');
  };
  return {
    export: (spans: ReadableSpan[], done: (result: ExportResult) => void) =>
      exporter.export(spans, (result) => {
        tell(result);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
