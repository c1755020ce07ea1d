import { expectRefusals } from './expect-refusals.ts';
import type { Rules } from './rules.ts';
import { askAs, type Referred, type Tried } from './try-operation.ts';

const EXPLAIN = `query($query: String!, $purpose: String, $variables: String) {
  explainAccess(query: $query, purpose: $purpose, variables: $variables) { isWhole items { path coordinate access code } } }`;

/** What `explainAccess` says otherwise than the rules do, and than what happens: `tryAs` holds the answer to the same rules. */
export async function checkExplanation(tried: Tried, operation: Referred, rules: Rules): Promise<readonly string[]> {
  const { asker } = rules;
  const variables = { query: operation.text, purpose: asker.purpose, variables: JSON.stringify(operation.variables) };
  const { data, errors } = await askAs(tried, { token: asker.token, purpose: null, query: EXPLAIN, variables });
  if (!data?.explainAccess) return [`${asker.name}: explainAccess is answered with ${JSON.stringify(errors)}`];
  const items: readonly { path: string; coordinate: string; access: string; code: string | null }[] = data.explainAccess.items;
  const refusals = expectRefusals(rules, operation.asked);
  const wrong: string[] = [];
  const said = new Set(
    items.filter(({ access }) => access === 'REFUSED').map(({ path, coordinate, code }) => `${path} ${coordinate} ${code}`),
  );
  const due = new Set(refusals.map(({ path, item, code }) => `${path} ${item} ${code}`));
  for (const each of due) if (!said.has(each)) wrong.push(`explainAccess does not say ${each}`);
  for (const each of said) if (!due.has(each)) wrong.push(`explainAccess says ${each}`);
  for (const { access, coordinate } of items) {
    const [type = '', field = ''] = coordinate.split('.');
    const right = rules.at(type, field)?.right;
    if (access === 'VISIBLE' && right?.refusal) wrong.push(`explainAccess calls ${coordinate} visible`);
    if (access === 'MASKED' && !(right && right.refusal === null && right.filterRefusal !== null)) {
      wrong.push(`explainAccess calls ${coordinate} masked`);
    }
  }
  if (data.explainAccess.isWhole !== (due.size === 0)) wrong.push('explainAccess is wrong on whether all is answered');
  return wrong.map((each) => `${asker.name}: ${each}`);
}
