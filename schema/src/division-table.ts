import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { shortDivisionCode } from './division-prefix.ts';

/** One division of the code table (GB/T 2260 and the statisticians' codes below it). */
export type Division = Readonly<{
  /** 6 digits for province, prefecture and county, 9 for a town, 12 for a village. */
  code: string;
  name: string;
  /** 1 province, 2 prefecture, 3 county, 4 town, 5 village. */
  level: number;
  /** Null for the province. */
  parent: string | null;
  /** Null for villages. */
  pinyin: string | null;
  /** Kept by the statisticians alone, as a development zone is. */
  statOnly?: boolean;
}>;

const FOLDER = new URL('../reference/', import.meta.url);
let names: ReadonlyMap<string, string> | undefined;
let province: string | undefined;

/** Every division of the province, down to the villages, as in 2023/2024. Read anew at each call. */
export function readDivisions(): readonly Division[] {
  return [...readUpper(), ...readVillages()];
}

/** Whether the province has a division of this code. */
export function isKnownDivision(code: string): boolean {
  return nameOfDivision(code) !== null;
}

/** Name of the division of this code; null where the province has none. The table is read at the first call and then kept (some 3 MB). */
export function nameOfDivision(code: string): string | null {
  names ??= new Map(readDivisions().map((division) => [division.code, division.name]));
  return names.get(shortDivisionCode(code)) ?? null;
}

/** Code of the province itself. The table is read at the first call. */
export function provinceCode(): string {
  province ??= readUpper().find(({ parent }) => parent === null)?.code ?? '';
  return province;
}

/** Down to the towns. */
function readUpper(): readonly Division[] {
  // The file is the repository's own, and a test walks it.
  return JSON.parse(readFileSync(new URL('divisions.json', FOLDER), 'utf8'));
}

function readVillages(): Division[] {
  const text = gunzipSync(readFileSync(new URL('villages.csv.gz', FOLDER))).toString('utf8');
  const [, ...lines] = text.trim().split(/\r?\n/);
  return lines.map((line) => {
    const [code = '', name = '', parent = ''] = line.split(',');
    return { code, name, level: 5, parent, pinyin: null };
  });
}
