import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318';

test('traces are sent where an endpoint is set, unless they are switched off', () => {
  expect(readEnvironment({}).tracing).toBeNull();
  expect(readEnvironment({ OTEL_TRACES_SAMPLER: 'always_on', OTEL_SERVICE_NAME: 'hub' }).tracing).toBeNull();
  expect(readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT }).tracing).toEqual({
    url: 'http://127.0.0.1:4318/v1/traces',
    sampler: { kind: 'parentbased_always_on', ratio: 1 },
    queue: { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 5_000, exportTimeoutMillis: 30_000 },
  });
  expect(readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example/in/' }).tracing?.url).toBe(
    'https://otlp.example/in/v1/traces',
  );
  const own = readEnvironment({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/spans', OTEL_EXPORTER_OTLP_ENDPOINT });
  expect(own.tracing?.url).toBe('http://127.0.0.1:9/spans');
  for (const off of [{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])
    expect(readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT, ...off }).tracing).toBeNull();
});

test('sampler and queue are read by the names of the standard, and what cannot be read is told by them', () => {
  const { tracing } = readEnvironment({
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' },
    ...{ OTEL_BSP_MAX_QUEUE_SIZE: '100', OTEL_BSP_SCHEDULE_DELAY: '200', OTEL_SOMETHING_ELSE: 'is the exporter’s' },
  });
  expect(tracing).toMatchObject({
    sampler: { kind: 'parentbased_traceidratio', ratio: 0.01 },
    queue: { maxQueueSize: 100, maxExportBatchSize: 100, scheduledDelayMillis: 200 },
  });
  const whole = 'must be a whole number from 1 to 1000000';
  for (const [name, value, rule] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', 'must be an http:// or https:// URL'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318?key=secret', 'must be an http:// or https:// URL without a query'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'traces are sent as http/protobuf and no other way'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'must be one of always_on, always_off, traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '7', 'must be a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'a few', 'must be a number from 0 to 1'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 'many', whole],
    ['OTEL_BSP_SCHEDULE_DELAY', '0', whole],
    ['OTEL_BSP_EXPORT_TIMEOUT', '1.5', whole],
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'must be otlp, or none'],
  ] as const)
    expect(() => readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT, [name]: value }), `${name}=${value}`).toThrow(`${name}: ${rule}`);
});
