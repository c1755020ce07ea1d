import { z } from 'zod';

/** Which requests are traced, by the names of the standard. */
export type Sampler = Readonly<{ kind: (typeof SAMPLERS)[number]; ratio: number }>;

/** Where traces are sent and how, where they are. What the OpenTelemetry exporter reads for itself (headers, timeout, certificates, resource) is no part of it. */
export type TracingSettings = Readonly<{
  url: string;
  sampler: Sampler;
  /** Spans that wait to be sent: how many at most, how many are sent at once, how often, and how long that may take. */
  queue: Readonly<{ maxQueueSize: number; maxExportBatchSize: number; scheduledDelayMillis: number; exportTimeoutMillis: number }>;
}>;

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const ENDPOINT_RULE = 'must be an http:// or https:// URL';
const endpoint = z.url({ protocol: /^https?$/, error: ENDPOINT_RULE });
/** The path of the signal is put behind it. */
const baseEndpoint = endpoint.refine((text) => !/[?#]/.test(text), `${ENDPOINT_RULE} without a query`);
const numberOf = (rule: string, schema: z.ZodNumber) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error: rule, abort: true })
    .transform(Number)
    .pipe(schema);
const WHOLE_RULE = 'must be a whole number from 1 to 1000000';
const wholeNumber = numberOf(WHOLE_RULE, z.int(WHOLE_RULE).min(1, WHOLE_RULE).max(1_000_000, WHOLE_RULE));
const RATIO_RULE = 'must be a number from 0 to 1';
const ratio = numberOf(RATIO_RULE, z.number().max(1, RATIO_RULE));

/**
 * Reads the variables that OpenTelemetry's specification gives to an SDK (OTEL_…); null: no traces are sent, because no endpoint is set, or
 * they are switched off. Those that the hub does not know are the exporter's, or nobody's.
 */
export function readTracing(environment: Readonly<Record<string, string | undefined>>, mistakes: string[]): TracingSettings | null {
  const of = (name: string): string => environment[name]?.trim() ?? '';
  const own = of('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const general = of('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (own === '' && general === '') return null;
  if (of('OTEL_SDK_DISABLED').toLowerCase() === 'true' || of('OTEL_TRACES_EXPORTER') === 'none') return null;
  const read = <Value>(name: string, schema: z.ZodType<Value>, fallback: Value): Value => {
    if (of(name) === '') return fallback;
    const parsed = schema.safeParse(of(name));
    if (parsed.success) return parsed.data;
    mistakes.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
    return fallback;
  };
  const protocol = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].find((name) => of(name) !== '');
  if (protocol !== undefined)
    read(protocol, z.literal('http/protobuf', 'traces are sent as http/protobuf and no other way'), 'http/protobuf');
  read('OTEL_TRACES_EXPORTER', z.literal('otlp', 'must be otlp, or none'), 'otlp');
  const base = read('OTEL_EXPORTER_OTLP_ENDPOINT', baseEndpoint, '');
  const maxQueueSize = read('OTEL_BSP_MAX_QUEUE_SIZE', wholeNumber, 2_048);
  return {
    url: own === '' ? `${base.replace(/\/$/, '')}/v1/traces` : read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', endpoint, ''),
    sampler: {
      kind: read('OTEL_TRACES_SAMPLER', z.enum(SAMPLERS, `must be one of ${SAMPLERS.join(', ')}`), 'parentbased_always_on'),
      ratio: read('OTEL_TRACES_SAMPLER_ARG', ratio, 1),
    },
    queue: {
      maxQueueSize,
      maxExportBatchSize: Math.min(maxQueueSize, read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', wholeNumber, 512)),
      scheduledDelayMillis: read('OTEL_BSP_SCHEDULE_DELAY', wholeNumber, 5_000),
      exportTimeoutMillis: read('OTEL_BSP_EXPORT_TIMEOUT', wholeNumber, 30_000),
    },
  };
}
