import { createHash } from 'node:crypto';
import type { AccessFacts, FieldAccess } from './access-facts.ts';
import { type Decision, decide, type Standing } from './decide.ts';
import { ALL_ROWS, NO_ROWS } from './row-condition.ts';

/**
 * What one caller may have now: the decision over every item, made once. `fingerprint` names what an operation is pruned to, so callers
 * who may see the same fields have the same one, whichever rows they reach.
 */
export type AccessSet = Readonly<{
  standing: Standing;
  fingerprint: string;
  /** Over the value of a field; structure is for everyone, an undeclared field for nobody. */
  ofField: (type: string, field: string) => Decision;
  /** Over an item that an argument reads; an unknown code is for nobody. */
  ofItem: (code: string) => Decision;
}>;

const EVERYONE: Decision = { visible: ALL_ROWS, masked: NO_ROWS, verifiable: ALL_ROWS, refusal: null, verifyRefusal: null };
const UNKNOWN = { code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' } as const;
const NOBODY: Decision = { visible: NO_ROWS, masked: NO_ROWS, verifiable: NO_ROWS, refusal: UNKNOWN, verifyRefusal: UNKNOWN };

/** Decides over all items for one standing. */
export function makeAccessSet(facts: AccessFacts, standing: Standing): AccessSet {
  const fields = new Map<string, Decision>();
  const decisionOf = (access: FieldAccess | undefined): Decision =>
    access === undefined ? NOBODY : access.item === null ? EVERYONE : decide(access.item, standing);
  const items = new Map<string, Decision>();
  for (const code of facts.itemCodes) {
    const item = facts.ofItem(code);
    items.set(code, item ? decide(item, standing) : NOBODY);
  }
  const print = createHash('sha256');
  for (const coordinate of facts.itemFields) {
    const [type = '', field = ''] = coordinate.split('.');
    const decision = decisionOf(facts.ofField(type, field));
    fields.set(coordinate, decision);
    print.update(shapeOf(decision));
  }
  for (const decision of items.values()) print.update(shapeOf(decision));
  return {
    standing,
    fingerprint: print.digest('base64url').slice(0, 22),
    ofField: (type, field) => fields.get(`${type}.${field}`) ?? decisionOf(facts.ofField(type, field)),
    ofItem: (code) => items.get(code) ?? NOBODY,
  };
}

function shapeOf({ visible, refusal, verifyRefusal }: Decision): string {
  // Arguments that read an item need its whole value: an item that is masked alone is another shape.
  return `${visible.rows === 'NONE' ? '-' : '+'}${refusal ? `${refusal.code}${refusal.missing}` : ''}/${verifyRefusal?.code ?? ''};`;
}
