import { readTracing } from '@longyuan/settings/tracing.ts';
import { expect, test } from 'vitest';
import { startOtlpReceiver } from '../test/otlp-receiver.ts';
import { openTracing } from './open-tracing.ts';
import { NO_TRACING } from './span.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const PEOPLE = ['a=629901198704270021', 'a=11010519491231002X', 'a=1,b=13812345678', 'a=8613812345678', 'a=138-1234-5678'];

test('what others keep of a trace goes on with it, unless it is long or a number of a person may be in it', () => {
  const passedOn = (tracestate: string) => NO_TRACING.take('', { traceparent, tracestate }).headers();
  for (const tracestate of ['vendor=1', 'dd=s:2;p:00f067aa0ba902b7', '33@nr=0-0-33-2827902-7d3efb1b173fecfa-1.23-1518469636035'])
    expect(passedOn(tracestate)).toEqual({ traceparent, tracestate });
  for (const tracestate of [...PEOPLE, `a=${'x'.repeat(600)}`]) expect(passedOn(tracestate), tracestate).toEqual({ traceparent });
});

test('nor is a number of a person sent with a trace', async () => {
  const receiver = await startOtlpReceiver();
  const tracing = readTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, []);
  const opened = await openTracing('gateway', { tracing }, { warn: () => {} } as never);
  for (const tracestate of ['vendor=kept', ...PEOPLE]) opened.take('GET /', { traceparent, tracestate }).end();
  await opened.close();
  const sent = receiver.requests.map(({ raw }) => raw).join('\n');
  await receiver.close();
  expect(sent).toContain('vendor=kept');
  expect(sent).not.toMatch(/629901198704270021|11010519491231002X|13812345678|138-1234-5678/);
});
