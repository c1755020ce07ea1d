import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

type Cell = string | number | null;

/** A workbook (XLSX, ISO/IEC 29500) of one sheet that is written as its rows come: what leaves is never held. */
export type WorkbookWriter = Readonly<{
  head: () => Uint8Array;
  rows: (records: readonly (readonly Cell[])[]) => Uint8Array;
  foot: () => Uint8Array;
}>;

/** The same rows are the same file, whenever they are written: an archive begins its calendar in 1980. */
const WRITTEN_AT = new Date(1980, 0, 2);

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** Opens a workbook whose sheet has this name, at most 31 characters of it. Texts are texts, whatever they begin with: nothing in it is run. */
export function openWorkbook(sheetName: string, headings: readonly string[]): WorkbookWriter {
  let out: Uint8Array[] = [];
  let row = 0;
  const next = (cells: readonly Cell[]): string => {
    row += 1;
    return rowOf(cells, row);
  };
  const taken = (): Uint8Array => {
    const written = Buffer.concat(out);
    out = [];
    return written;
  };
  const archive = new Zip((error, bytes) => {
    if (error) throw error;
    out.push(bytes);
  });
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 6 });
  return {
    head: () => {
      const name = escapeXml(sheetName.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31));
      const workbook = `<workbook xmlns="${SHEETS}" xmlns:r="${OFFICE}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
      for (const [path, text] of Object.entries({ ...parts, 'xl/workbook.xml': workbook })) {
        const part = new ZipPassThrough(path);
        part.mtime = WRITTEN_AT;
        archive.add(part);
        part.push(Buffer.from(DECLARATION + text), true);
      }
      sheet.mtime = WRITTEN_AT;
      archive.add(sheet);
      sheet.push(Buffer.from(`${DECLARATION}<worksheet xmlns="${SHEETS}"><sheetData>${next(headings)}`));
      return taken();
    },
    rows: (records) => {
      sheet.push(Buffer.from(records.map(next).join('')));
      return taken();
    },
    foot: () => {
      sheet.push(Buffer.from('</sheetData></worksheet>'), true);
      archive.end();
      return taken();
    },
  };
}

function rowOf(cells: readonly Cell[], row: number): string {
  return `<row r="${row}">${cells.map((value, place) => cellOf(value, `${lettersOf(place)}${row}`)).join('')}</row>`;
}

function cellOf(value: Cell, place: string): string {
  if (value === null || value === '') return '';
  if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`;
}

/** Columns of a sheet are A to Z, then AA. */
function lettersOf(column: number): string {
  return `${column >= 26 ? lettersOf(Math.floor(column / 26) - 1) : ''}${String.fromCharCode(65 + (column % 26))}`;
}

/** XML has no place for most control characters, in whatever text they stand. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
