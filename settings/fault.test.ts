import { expect, test } from 'vitest';
import { describeFault, logFault } from './fault.ts';

const SECRETS = ['629901198704270021', '13812345678', 'eyJhbGciOiJFZERTQSJ9', '傅亚萍'];

/** Throws what quotes everything that it stumbled over. */
function stumble(): never {
  throw new TypeError(
    `invalid input syntax: "${SECRETS.join('", "')}"\n    at ${SECRETS[0]} (/home/${SECRETS[1]}:1:1)\nDETAIL: Key (phone)`,
  );
}

function faultOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test('a fault is told by its kind and all of its frames, with files as they are called in the repository', () => {
  const { type, stack } = describeFault(faultOf(stumble));
  expect(type).toBe('TypeError');
  expect(stack).toMatch(/^TypeError\n {4}at stumble \(settings\/fault\.test\.ts:\d+:\d+\)\n {4}at faultOf \(settings\/fault\.test\.ts/);
  expect(stack.split('\n').length).toBeGreaterThan(5);
  expect(stack).not.toMatch(/\n {4}at .*(?:file:|\(\/)/);
});

test('nothing that it says is told, of its causes neither, however it is dressed', () => {
  const faults = [
    faultOf(stumble),
    new Error('cannot go on', { cause: faultOf(stumble) }),
    new AggregateError([faultOf(stumble)], SECRETS.join()),
    Object.assign(new Error(SECRETS[0]), { name: `Fault of ${SECRETS[1]}`, code: SECRETS[0] }),
    // A function that is named by what it was made for.
    faultOf({ [SECRETS[0] ?? '']: () => stumble() }[SECRETS[0] ?? ''] ?? stumble),
    Object.assign(new Error('x'), {
      message: SECRETS[2],
      stack: `Error: ${SECRETS[2]}\n${SECRETS[3]}\n    at ${SECRETS[0]}:1:1\n    at a (/b/c.ts:1:2)`,
    }),
    SECRETS.join(),
    { message: SECRETS.join() },
    null,
  ];
  for (const fault of faults) {
    const told = JSON.stringify(describeFault(fault));
    for (const secret of SECRETS) expect(told, told).not.toContain(secret);
  }
  expect(describeFault(faults[1]).stack).toMatch(/\ncaused by TypeError\n {4}at stumble/);
});

test('in one request a fault is logged once, in however many rows it is met; in the next, again', () => {
  const lines: unknown[] = [];
  const log = { error: (line: unknown) => void lines.push(line) };
  const requests = [{}, {}];
  for (const within of requests)
    for (let row = 0; row < 3; row += 1) logFault(log, faultOf(stumble), { what: 'a fault', within, of: { requestId: 'r' } });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ requestId: 'r', stack: expect.stringContaining('at stumble') });
});
