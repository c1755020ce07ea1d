import type { z } from 'zod';
import type { Entry, EntryItem } from '../entries/entry.ts';
import {
  type ColumnName,
  columnHeaded,
  columns,
  itemColumns,
  itemRow,
  requiredColumns,
  resourceColumns,
  resourceRow,
} from './inventory-columns.ts';
import type { Mistake, Row, Rows } from './inventory-rows.ts';

export type Inventory =
  | Readonly<{ kind: 'read'; entries: readonly Entry[]; providers: readonly string[]; lineOf: (code: string) => number }>
  | Readonly<{ kind: 'mistaken'; mistakes: readonly Mistake[] }>;

/** A resource's items are answered as one list. */
const MOST_ITEMS = 1_000;
/** Longest part of a heading that a reason repeats. */
const LONGEST_QUOTED = 100;

/**
 * Reads the inventory of one or more departments. One row is one item; the columns stand in `inventory-columns.ts`. Every mistake of every
 * row is told, and with one mistake nothing is read.
 */
export function readInventory({ headings, rows, mistakes }: Rows): Inventory {
  const wrongHeadings = mistakes.length === 0 && headings.length > 0 ? checkHeadings(headings) : [];
  if (wrongHeadings.length > 0 || headings.length === 0) {
    const empty = mistakes.length === 0 && wrongHeadings.length === 0 ? [{ line: 1, reason: 'holds no row' }] : [];
    return { kind: 'mistaken', mistakes: [...mistakes, ...wrongHeadings, ...empty] };
  }
  const reading = new InventoryReading([...mistakes]);
  for (const row of rows) reading.add(row);
  return reading.finish();
}

function checkHeadings(headings: readonly string[]): readonly Mistake[] {
  const known = headings.map(columnHeaded);
  const strange = headings
    .filter((_, place) => known[place] === undefined)
    .map((heading) => `has a column "${heading.slice(0, LONGEST_QUOTED)}" that no inventory has`);
  const missing = requiredColumns.filter((name) => !known.includes(name)).map((name) => `has no column ${columns[name].heading} (${name})`);
  const twice = [...new Set(known.filter((name, place) => name && known.indexOf(name) !== place))].map(
    (name) => `has the column ${name ? columns[name].heading : ''} twice`,
  );
  return [...strange, ...missing, ...twice].map((reason) => ({ line: 1, reason }));
}

type Cells = Record<ColumnName, string>;
type ResourceFacts = z.output<typeof resourceRow>;
type Draft = { line: number; cells: Cells; facts: ResourceFacts | null; items: EntryItem[]; lineOfItem: Map<string, number> };

/** Rows as they come, one after the other, put together to resources. */
class InventoryReading {
  readonly #mistakes: Mistake[];
  readonly #drafts = new Map<string, Draft>();

  constructor(mistakes: Mistake[]) {
    this.#mistakes = mistakes;
  }

  add({ line, cells: given }: Row): void {
    // Every name is given a text, and columns that are not there are empty.
    const cells = Object.fromEntries(Object.keys(columns).map((name) => [name, ''])) as Cells;
    for (const [heading, text] of given) {
      const name = columnHeaded(heading);
      if (!name) continue;
      cells[name] = text;
      // A database has no place for the one, and would keep another text for the other.
      if (text.includes('\u0000') || !text.isWellFormed())
        this.#tell(line, `${columns[name].heading} holds the character U+0000, or half a character`);
    }
    const draft = this.#drafts.get(cells.code) ?? this.#begin(line, cells);
    this.#checkSame(line, cells, draft);
    const item = itemRow.safeParse(pick(cells, itemColumns));
    if (!item.success) {
      this.#complain(line, item.error);
      return;
    }
    const { itemCode, itemName, ...facts } = item.data;
    const before = draft.lineOfItem.get(itemCode);
    if (before !== undefined) this.#tell(line, `信息项代码 ${itemCode} is that of line ${before} already`);
    if (draft.items.length === MOST_ITEMS) this.#tell(line, `the resource has more than ${MOST_ITEMS} items`);
    draft.lineOfItem.set(itemCode, line);
    const onHubOnly = { mask: null, verifyOnly: false, aggregate: false, graphqlPath: null, fields: [], laxer: [] };
    draft.items.push(ordered({ ...facts, ...onHubOnly, code: `${cells.code}#${itemCode}`, name: itemName }));
  }

  finish(): Inventory {
    if (this.#drafts.size === 0 && this.#mistakes.length === 0) this.#tell(1, 'holds no row');
    const names = new Map<string, { name: string; line: number }>();
    for (const { line, facts } of this.#drafts.values()) {
      const before = facts && names.get(facts.providerUscc);
      if (before && before.name !== facts.providerName) this.#tell(line, `信息资源提供方 is called ${before.name} on line ${before.line}`);
      if (facts && !before) names.set(facts.providerUscc, { name: facts.providerName, line });
    }
    if (this.#mistakes.length > 0) return { kind: 'mistaken', mistakes: this.#mistakes.sort((one, other) => one.line - other.line) };
    const entries = [...this.#drafts.values()].flatMap(({ facts, items }) => (facts ? [entryOf(facts, items)] : []));
    return { kind: 'read', entries, providers: [...names.keys()], lineOf: (code) => this.#drafts.get(code)?.line ?? 1 };
  }

  #begin(line: number, cells: Cells): Draft {
    const parsed = resourceRow.safeParse(pick(cells, { code: true, ...resourceColumns }));
    if (!parsed.success) this.#complain(line, parsed.error);
    const draft: Draft = { line, cells, facts: parsed.success ? parsed.data : null, items: [], lineOfItem: new Map() };
    this.#drafts.set(cells.code, draft);
    return draft;
  }

  #checkSame(line: number, cells: Cells, draft: Draft): void {
    for (const name of Object.keys(resourceColumns) as (keyof typeof resourceColumns)[]) {
      if (cells[name] !== '' && cells[name] !== draft.cells[name]) {
        this.#tell(line, `${columns[name].heading} is not what line ${draft.line} says of the same resource`);
      }
    }
  }

  #complain(line: number, error: z.ZodError): void {
    for (const { path, message } of error.issues) {
      // Paths are names of columns: the schemas are made of them.
      this.#tell(line, `${columns[path[0] as ColumnName].heading} ${message}`);
    }
  }

  #tell(line: number, reason: string): void {
    this.#mistakes.push({ line, reason });
  }
}

function pick(cells: Cells, names: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, cells[name as ColumnName]]));
}

function entryOf(facts: ResourceFacts, items: readonly EntryItem[]): Entry {
  const { code, providerName, providerUscc, division } = facts;
  const every = (share: string) => items.every((item) => item.shareType === share);
  const open = items.filter((item) => item.openToPublic).length;
  return {
    code,
    name: facts.name,
    category: split(facts.category).join('/'),
    // Places 3 to 8 of a credit code are the division it was given in (GB 32100).
    provider: { uscc: providerUscc, name: providerName, division: division ?? providerUscc.slice(2, 8) },
    providerOffice: facts.providerOffice,
    abstract: facts.abstract,
    formats: facts.formats,
    // As for resources of the hub: CONDITIONAL unless all items are of one of the other two.
    shareType: every('UNCONDITIONAL') ? 'UNCONDITIONAL' : every('NOT_SHARED') ? 'NOT_SHARED' : 'CONDITIONAL',
    shareCondition: facts.shareCondition,
    shareModes: facts.shareModes,
    openness: open === items.length ? 'OPEN' : open > 0 ? 'PARTLY_OPEN' : 'NOT_OPEN',
    openCondition: facts.openCondition,
    updateCycle: facts.updateCycle,
    publishedOn: facts.publishedOn,
    related: facts.related,
    keywords: facts.keywords,
    level: Math.max(...items.map((item) => item.level)),
    library: null,
    typeName: null,
    items,
  };
}

function split(category: string): readonly string[] {
  return category.split(/[/／]/).map((name) => name.trim());
}

/** Members in one order, which the digest of the entry depends on. */
function ordered(item: EntryItem): EntryItem {
  const { code, name, dataType, length, standard, shareType, basis, noShareReason, openToPublic, level, mask } = item;
  const { verifyOnly, aggregate, source, graphqlPath, fields, laxer } = item;
  return {
    ...{ code, name, dataType, length, standard, shareType, basis, noShareReason, openToPublic, level, mask },
    ...{ verifyOnly, aggregate, source, graphqlPath, fields, laxer },
  };
}
