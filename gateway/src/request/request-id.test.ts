import { expect, test } from 'vitest';
import { readRequestId } from './request-budget.ts';

test('a caller’s own request id is kept where it is one', () => {
  for (const id of [
    'order-2026.11',
    '20261130-105231-0001',
    '91629901MAR2E1L78Q',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    '1764489600123-7',
    '4bf92f3577b34da6a3ce929d0e0e4736',
  ])
    expect(readRequestId(id)).toBe(id);
  for (const id of [undefined, '', 'short', 'with space 1', 'x'.repeat(65), ['a-list-of-two', 'ids']])
    expect(readRequestId(id)).not.toBe(id);
});

test('a number of a person is no request id: ids stand in logs and traces', () => {
  for (const id of ['629901198704270021', '11010519491231002X', 'form-13812345678', '110105491231002', 'a.629901198704270021.b'])
    expect(readRequestId(id)).toMatch(/^[0-9a-f]{8}-/);
});

test('nor is one in groups, with what stands before it when one dials, or a token', () => {
  for (const id of [
    ...['110105.19491231.002X', '110105-19491231-002x', 'a_110105_1949_1231_002X', 'a110105_1949_1231_002Xb'],
    ...['8613812345678', '008613812345678', '138-1234-5678', 'call.138.1234.5678', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx.x'],
  ])
    expect(readRequestId(id)).toMatch(/^[0-9a-f]{8}-/);
});
