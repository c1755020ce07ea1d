import type { FileFormat } from './file-formats.ts';

/** The Publications Office's authority tables, and the terms of them that the catalogue uses. */
const AUTHORITY = 'http://publications.europa.eu/resource/authority';

export const FREQUENCIES: Readonly<Record<string, string>> = {
  REALTIME: `${AUTHORITY}/frequency/CONT`,
  DAILY: `${AUTHORITY}/frequency/DAILY`,
  WEEKLY: `${AUTHORITY}/frequency/WEEKLY`,
  MONTHLY: `${AUTHORITY}/frequency/MONTHLY`,
  QUARTERLY: `${AUTHORITY}/frequency/QUARTERLY`,
  YEARLY: `${AUTHORITY}/frequency/ANNUAL`,
  ON_DEMAND: `${AUTHORITY}/frequency/IRREG`,
};

/** By the second level of the standard's categories (目录编制指南, 基础信息资源类); everything else is government and public sector. */
const THEMES: Readonly<Record<string, Term>> = {
  人口基础信息资源: { id: `${AUTHORITY}/data-theme/SOCI`, zh: '人口与社会', en: 'Population and society' },
  法人单位基础信息资源: { id: `${AUTHORITY}/data-theme/ECON`, zh: '经济与金融', en: 'Economy and finance' },
  自然资源和空间地理基础信息资源: { id: `${AUTHORITY}/data-theme/REGI`, zh: '区域与城市', en: 'Regions and cities' },
};
const GOVERNMENT: Term = { id: `${AUTHORITY}/data-theme/GOVE`, zh: '政府与公共部门', en: 'Government and public sector' };

/** A concept of a vocabulary, with its name. */
export type Term = Readonly<{ id: string; zh: string; en: string }>;

export function themeOf(category: readonly string[]): Term {
  return THEMES[category[1] ?? ''] ?? GOVERNMENT;
}

/** The vocabulary that a term belongs to, as the validators look for it. */
export function schemeOf(id: string): string {
  if (id.startsWith('http://purl.org/adms/')) return `${id.slice(0, id.lastIndexOf('/'))}/1.0`;
  return id.slice(0, id.lastIndexOf('/'));
}

export const FILE_TYPES: Readonly<Record<FileFormat, Readonly<{ format: string; mediaType: string }>>> = {
  csv: { format: `${AUTHORITY}/file-type/CSV`, mediaType: 'https://www.iana.org/assignments/media-types/text/csv' },
  xlsx: {
    format: `${AUTHORITY}/file-type/XLSX`,
    mediaType: 'https://www.iana.org/assignments/media-types/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  // The table has no line-wise JSON, and its media type is registered nowhere: what is served is told.
  ndjson: { format: `${AUTHORITY}/file-type/JSON`, mediaType: 'https://www.iana.org/assignments/media-types/application/x-ndjson' },
  geojson: { format: `${AUTHORITY}/file-type/GEOJSON`, mediaType: 'https://www.iana.org/assignments/media-types/application/geo+json' },
};
export const JSON_FILE = {
  format: `${AUTHORITY}/file-type/JSON`,
  mediaType: 'https://www.iana.org/assignments/media-types/application/json',
};

export const LICENCE = `${AUTHORITY}/licence/CC_BY_4_0`;
export const PUBLIC_ACCESS = `${AUTHORITY}/access-right/PUBLIC`;
export const LANGUAGES = [`${AUTHORITY}/language/ZHO`, `${AUTHORITY}/language/ENG`];
export const AVAILABLE: Term = { id: `${AUTHORITY}/planned-availability/STABLE`, zh: '稳定', en: 'stable' };
export const ATTRIBUTION: Term = { id: 'http://purl.org/adms/licencetype/Attribution', zh: '署名', en: 'Attribution' };
export const DATA_THEMES = `${AUTHORITY}/data-theme`;
export const REGIONAL_AUTHORITY: Term = {
  id: 'http://purl.org/adms/publishertype/RegionalAuthority',
  zh: '地方政府',
  en: 'Regional authority',
};
/** The hub itself, as the one that publishes. */
export const PLATFORM = { zh: '甘肃省政务数据共享枢纽（陇源）', en: 'Longyuan, the data-sharing hub of Gansu Province' };
export const GRAPHQL_SPECIFICATION = 'https://spec.graphql.org/September2025/';

/** The province: its code in GB/T 2260, and the box around it in degrees, west south, east north. */
export const PROVINCE = {
  code: '620000',
  nameZh: '甘肃省',
  nameEn: 'Gansu',
  country: `${AUTHORITY}/country/CHN`,
  centre: 'POINT(103.84 36.06)',
  box: 'POLYGON((92.33 32.59,108.72 32.59,108.72 42.8,92.33 42.8,92.33 32.59))',
};
