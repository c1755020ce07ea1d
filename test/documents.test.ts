import { readFileSync } from 'node:fs';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readExamples } from '@longyuan/portal/register-faces.ts';
import { errorCodes } from '@longyuan/schema/src/error-codes.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { expect, inject, test } from 'vitest';
import { ask } from './ask.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Code blocks of the README in the order in which they stand. */
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\\n\`\`\``, 'gs'))].map((match) => match[1] ?? '');

test('the README’s question is the first page’s first, and its answer and its refusal are what the hub says', async () => {
  const [question = '', refusedQuestion = ''] = blocks('graphql');
  const [answer = '', refusal = ''] = blocks('json');
  const [, uscc = ''] = /npm run -s token -- --department (\w+)/.exec(readme) ?? [];
  const [, purpose = ''] = /-H 'X-Purpose: (\w+)'/.exec(readme) ?? [];
  const { url, environment } = inject('embedded');
  const token = await askToken(readEnvironment(environment), { kind: 'department', uscc, role: 'developer', region: null });
  const hub = { url, token, purpose };
  expect(question).toBe(readExamples()[0]?.query);
  expect(await ask(hub, question)).toEqual({ status: 200, ...JSON.parse(answer) });
  expect(await ask(hub, refusedQuestion)).toEqual({ status: 400, ...JSON.parse(refusal) });
});

test('the README lists every error code with its sentence', () => {
  for (const [code, { en }] of Object.entries(errorCodes)) expect(readme).toContain(`| \`${code}\` | ${en} |`);
});
