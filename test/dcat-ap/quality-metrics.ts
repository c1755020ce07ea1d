import type { Store, Term } from 'n3';

/** One statement's subject, as the catalogue tells of it. */
export type Node = Term;

/** One metric of data.europa.eu's metadata quality assessment: its points, whom it is about, and whether one of them earns it. */
export type Metric = Readonly<{
  dimension: 'findability' | 'accessibility' | 'interoperability' | 'reusability' | 'contextuality';
  name: string;
  points: number;
  /** `file`: a distribution that can be downloaded; `distribution`: any, the way by question too. */
  about: 'dataset' | 'distribution' | 'file';
  earns: (node: Node, catalogue: Store) => boolean;
}>;

const DCAT = 'http://www.w3.org/ns/dcat#';
const DCT = 'http://purl.org/dc/terms/';
const AUTHORITY = 'http://publications.europa.eu/resource/authority';

export function valuesOf(catalogue: Store, node: Node, property: string): readonly string[] {
  return catalogue.getObjects(node, property, null).map((value) => value.value);
}

const has =
  (property: string, pattern = /./) =>
  (node: Node, catalogue: Store): boolean => {
    const values = valuesOf(catalogue, node, property);
    return values.length > 0 && values.every((value) => pattern.test(value));
  };
/** Of the lists of the assessment, those that the hub sends: a workbook is machine-readable, and not without an owner. */
const NON_PROPRIETARY = new RegExp(`^${AUTHORITY}/file-type/(CSV|JSON|GEOJSON)$`);
const MACHINE_READABLE = new RegExp(`^${AUTHORITY}/file-type/(CSV|JSON|GEOJSON|XLSX)$`);
/** Whether a dataset is to be had in a format of nobody's, whatever else it is to be had in. */
const isFreeToRead = (dataset: Node, catalogue: Store): boolean =>
  catalogue.getObjects(dataset, `${DCAT}distribution`, null).some((each) => has(`${DCT}format`, NON_PROPRIETARY)(each, catalogue));

/**
 * All metrics of https://data.europa.eu/mqa/methodology that the metadata alone decide, with their points. Those that decide by asking
 * (does the address answer, is it valid DCAT-AP: 110 points together) are tests of their own.
 */
export const metrics: readonly Metric[] = [
  { dimension: 'findability', name: 'keywords', points: 30, about: 'dataset', earns: has(`${DCAT}keyword`) },
  { dimension: 'findability', name: 'categories', points: 30, about: 'dataset', earns: has(`${DCAT}theme`) },
  { dimension: 'findability', name: 'geographical search', points: 20, about: 'dataset', earns: has(`${DCT}spatial`) },
  { dimension: 'findability', name: 'search by time', points: 20, about: 'dataset', earns: has(`${DCT}temporal`) },
  { dimension: 'accessibility', name: 'download address', points: 20, about: 'file', earns: has(`${DCAT}downloadURL`) },
  { dimension: 'interoperability', name: 'format', points: 20, about: 'distribution', earns: has(`${DCT}format`) },
  { dimension: 'interoperability', name: 'media type', points: 10, about: 'distribution', earns: has(`${DCAT}mediaType`) },
  {
    dimension: 'interoperability',
    name: 'format and media type from vocabularies',
    points: 10,
    about: 'distribution',
    earns: (node, catalogue) =>
      has(`${DCT}format`, new RegExp(`^${AUTHORITY}/file-type/`))(node, catalogue) &&
      has(`${DCAT}mediaType`, /^https:\/\/www\.iana\.org\/assignments\/media-types\//)(node, catalogue),
  },
  {
    dimension: 'interoperability',
    name: 'not proprietary',
    points: 20,
    // Of the workbook, which repeats a table, it is not earned.
    about: 'dataset',
    earns: isFreeToRead,
  },
  {
    dimension: 'interoperability',
    name: 'machine-readable',
    points: 20,
    about: 'distribution',
    earns: has(`${DCT}format`, MACHINE_READABLE),
  },
  { dimension: 'reusability', name: 'licence', points: 20, about: 'distribution', earns: has(`${DCT}license`) },
  {
    dimension: 'reusability',
    name: 'licence from the vocabulary',
    points: 10,
    about: 'distribution',
    earns: has(`${DCT}license`, new RegExp(`^${AUTHORITY}/licence/`)),
  },
  { dimension: 'reusability', name: 'access rights', points: 10, about: 'dataset', earns: has(`${DCT}accessRights`) },
  {
    dimension: 'reusability',
    name: 'access rights from the vocabulary',
    points: 5,
    about: 'dataset',
    earns: has(`${DCT}accessRights`, new RegExp(`^${AUTHORITY}/access-right/`)),
  },
  { dimension: 'reusability', name: 'contact point', points: 20, about: 'dataset', earns: has(`${DCAT}contactPoint`) },
  { dimension: 'reusability', name: 'publisher', points: 10, about: 'dataset', earns: has(`${DCT}publisher`) },
  { dimension: 'contextuality', name: 'rights', points: 5, about: 'distribution', earns: has(`${DCT}rights`) },
  { dimension: 'contextuality', name: 'size', points: 5, about: 'file', earns: has(`${DCAT}byteSize`, /^[1-9]\d*$/) },
  {
    dimension: 'contextuality',
    name: 'issued',
    points: 5,
    about: 'dataset',
    earns: (node, catalogue) =>
      [node, ...catalogue.getObjects(node, `${DCAT}distribution`, null)].every((each) => has(`${DCT}issued`)(each, catalogue)),
  },
  {
    dimension: 'contextuality',
    name: 'modified',
    points: 5,
    about: 'dataset',
    earns: (node, catalogue) =>
      [node, ...catalogue.getObjects(node, `${DCAT}distribution`, null)].every((each) => has(`${DCT}modified`)(each, catalogue)),
  },
];
