import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as it arrived. `service`: of the process that sent it. */
export type ReceivedSpan = Readonly<{
  service: string;
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  attributes: Readonly<Record<string, string>>;
  failure: string;
}>;

/** For tests: a receiver of traces (OTLP over HTTP, protobuf) on this machine. `raw` is every byte that came, read as text. */
export async function startOtlpReceiver() {
  const spans: ReceivedSpan[] = [];
  const requests: { headers: Record<string, unknown>; raw: string }[] = [];
  let status: number | 'never' = 200;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    requests.push({ headers: request.headers, raw: body.toString('utf8') });
    if (status === 'never') return;
    if (status === 200 && request.url === '/v1/traces') spans.push(...readSpans(body));
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answerWith: (next: number | 'never'): void => {
      status = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Fields of a message by their numbers: varints as numbers, everything else as bytes. */
type Message = ReadonlyMap<number, readonly (number | Buffer)[]>;

/** By the numbers of `ExportTraceServiceRequest` in opentelemetry-proto 1. */
function readSpans(body: Buffer): readonly ReceivedSpan[] {
  return messagesIn(readMessage(body), 1).flatMap((resourceSpans) => {
    const service = messagesIn(resourceSpans, 1).map((resource) => attributesIn(resource, 1)['service.name'])[0] ?? '';
    return messagesIn(resourceSpans, 2)
      .flatMap((scope) => messagesIn(scope, 2))
      .map((span) => ({
        service,
        traceId: bytesIn(span, 1).toString('hex'),
        spanId: bytesIn(span, 2).toString('hex'),
        parentId: bytesIn(span, 4).toString('hex'),
        name: bytesIn(span, 5).toString(),
        attributes: attributesIn(span, 9),
        failure: messagesIn(span, 15).map((told) => bytesIn(told, 2).toString())[0] ?? '',
      }));
  });
}

function attributesIn(message: Message, field: number): Record<string, string> {
  const pairs = messagesIn(message, field).map((pair) => {
    const [value] = messagesIn(pair, 2);
    const [first] = [...(value?.values() ?? [])][0] ?? [];
    return [bytesIn(pair, 1).toString(), String(first)];
  });
  return Object.fromEntries(pairs);
}

function messagesIn(message: Message, field: number): readonly Message[] {
  return (message.get(field) ?? []).flatMap((each) => (Buffer.isBuffer(each) ? [readMessage(each)] : []));
}

function bytesIn(message: Message, field: number): Buffer {
  const [first] = message.get(field) ?? [];
  return Buffer.isBuffer(first) ? first : Buffer.alloc(0);
}

function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag & 7;
    const value = kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : varint());
    fields.getOrInsertComputed(tag >>> 3, () => []).push(value);
  }
  return fields;
}
