import type { Block } from '../generate/block.ts';
import { addYears, dayText } from '../generate/calendar.ts';
import { confirmedAt } from '../generate/confirmed-at.ts';
import { licenseTypes } from '../generate/license-types.ts';
import { isPerson, type License } from '../generate/licenses.ts';
import type { LibrarySeed, Row } from '../load/library-seed.ts';

const eLicense: LibrarySeed = {
  tables: {
    LicenseType: ['code', 'name', 'definedBy', 'definedByUscc', 'holderKind', 'validityYears', 'relatedItems', 'confirmedAt'],
    License: [
      ...[
        'id',
        'identifier',
        'type',
        'number',
        'version',
        'holderName',
        'holderKey',
        'holderIsEntity',
        'holderMinorUntil',
        'authorityName',
      ],
      ...[
        'authorityCode',
        'issuedOn',
        'validFrom',
        'validTo',
        'state',
        'division',
        'checkCode',
        'face',
        'fileDigest',
        'fileSigned',
        'confirmedAt',
      ],
    ],
    UseAuthorization: ['no', 'licenseId', 'department', 'purpose', 'authorizedAt', 'until'],
  },
  reference: () => ({ LicenseType: Object.values(licenseTypes).map(typeRow) }),
  rows: (block) => ({ License: block.licenses.map((license, place) => licenseRow(block, license, place)) }),
};
export default eLicense;

function typeRow(kind: (typeof licenseTypes)[keyof typeof licenseTypes], place: number): Row {
  const { code, name, definedBy, definedByUscc, holderKind, validityYears, relatedItems } = kind;
  return [code, name, definedBy, definedByUscc, holderKind, validityYears, relatedItems, confirmedAt('yearly', place)];
}

function licenseRow({ place, number }: Block, license: License, ordinal: number): Row {
  const { holder, authority, digest } = license;
  const isHuman = isPerson(holder);
  const kind = licenseTypes[license.type];
  const from = dayText(license.issuedOn);
  return [
    license.id,
    license.identifier,
    kind.code,
    license.number,
    '001',
    holder.name,
    isHuman ? holder.id : holder.uscc,
    !isHuman,
    isHuman ? dayText(addYears(holder.birth, 14)) : null,
    authority.name,
    authority.code,
    from,
    from,
    license.validTo === null ? null : dayText(license.validTo),
    license.state,
    place.county.code,
    license.checkCode,
    faceText(license),
    digest,
    digest !== null,
    confirmedAt('realtime', number * 1024 + ordinal),
  ];
}

/** What is printed on it, as JSON: holder and number first. Put together by hand, because there are two or three for every person. */
function faceText({ holder, number, face }: License): string {
  let text = `[${fieldText('holderName', '持证主体', holder.name)},${fieldText('number', '证照编号', number)}`;
  for (const [key, label, value] of face) text += `,${fieldText(key, label, value)}`;
  return `${text}]`;
}

const needsEscape = /["\\\p{Cc}]/u;

/** Keys and labels are this code's own; only a value could hold what JSON escapes. */
function fieldText(key: string, label: string, value: string): string {
  return `{"key":"${key}","label":"${label}","value":${needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`}}`;
}
