import type { Boundary, Position } from '../../reference/read-reference.ts';
import type { Block } from '../generate/block.ts';
import { dayText } from '../generate/calendar.ts';
import { confirmedAt } from '../generate/confirmed-at.ts';
import type { Country } from '../generate/country.ts';
import { makePois } from '../generate/pois.ts';
import type { LibrarySeed, Row, Rows } from '../load/library-seed.ts';

const geospatial: LibrarySeed = {
  tables: {
    AdministrativeDivision: ['code', 'name', 'pinyin', 'level', 'parent', 'replacedBy', 'seat', 'boundary', 'confirmedAt'],
    Poi: ['code', 'name', 'category', 'division', 'addressText', 'location', 'phone', 'confirmedAt'],
    StandardAddress: ['id', 'code', 'fullText', 'division', 'street', 'number', 'building', 'room', 'location', 'state', 'confirmedAt'],
    RealEstateUnit: ['id', 'no', 'address', 'division', 'areaSquareMetres', 'use', 'confirmedAt'],
    Ownership: ['unitId', 'ordinal', 'share', 'certificateNo', 'person', 'entity'],
    Encumbrance: ['unitId', 'ordinal', 'kind', 'since', 'by'],
  },
  reference: makeReferenceRows,
  rows: makeRows,
};
export default geospatial;

/** Real divisions, and points of interest at plausible places in them. */
function makeReferenceRows(country: Country): Rows {
  const { divisions, boundaries } = country.reference;
  const seatOf = seatFinder(country);
  return {
    AdministrativeDivision: divisions.map(({ code, name, pinyin, level, parent }, nth): Row => {
      const seat = seatOf(code, level);
      const boundary = boundaries.get(code);
      return [
        ...[code, name, pinyin ?? null, level, parent, [], seat ? pointText(seat) : null, boundary ? multiPolygonText(boundary) : null],
        confirmedAt('yearly', nth),
      ];
    }),
    Poi: makePois(country).map(
      ({ code, name, category, division, addressText, location, phone }, nth): Row => [
        ...[code, name, category, division, addressText, pointText(location), phone, confirmedAt('monthly', nth)],
      ],
    ),
  };
}

/** Gansu's prefectures and the province have their seats in their first county; those of towns and villages are not known. */
function seatFinder({ reference }: Country): (code: string, level: number) => Position | null {
  const firstCounty = new Map<string, string>();
  for (const { code, level } of reference.divisions) {
    if (level !== 3) continue;
    for (const above of [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`]) if (!firstCounty.has(above)) firstCounty.set(above, code);
  }
  return (code, level) => {
    const seat = level <= 3 ? reference.seats.get(firstCounty.get(code) ?? code) : undefined;
    return seat ? [seat.lon, seat.lat] : null;
  };
}

function makeRows({ addresses, units, number }: Block): Rows {
  const rows = {
    StandardAddress: addresses.map(
      (address, nth): Row => [
        address.id,
        address.code,
        address.fullText,
        address.division,
        address.street,
        address.number,
        address.building,
        address.room,
        pointText(address.location),
        address.isActive ? 'ACTIVE' : 'ABOLISHED',
        confirmedAt('weekly', number * 128 + nth),
      ],
    ),
    RealEstateUnit: units.map(
      ({ id, no, address, areaSquareMetres, use }, nth): Row => [
        id,
        no,
        address.id,
        address.division,
        areaSquareMetres,
        use,
        confirmedAt('daily', number * 128 + nth),
      ],
    ),
    Ownership: [] as Row[],
    Encumbrance: [] as Row[],
  };
  for (const { id, owners, encumbrances } of units) {
    for (const [nth, { share, certificateNo, person, entity }] of owners.entries()) {
      rows.Ownership.push([id, nth + 1, share, certificateNo, person?.id ?? null, entity?.uscc ?? null]);
    }
    for (const [nth, { kind, since, by }] of encumbrances.entries()) rows.Encumbrance.push([id, nth + 1, kind, dayText(since), by]);
  }
  return rows;
}

/** EWKT in CGCS2000. */
function pointText([lon, lat]: Position): string {
  return `SRID=4490;POINT(${lon} ${lat})`;
}

function multiPolygonText({ polygons }: Boundary): string {
  const ring = (positions: readonly Position[]): string => `(${positions.map(([lon, lat]) => `${lon} ${lat}`).join(',')})`;
  return `SRID=4490;MULTIPOLYGON(${polygons.map((rings) => `(${rings.map(ring).join(',')})`).join(',')})`;
}
