import type { DirectoryItem, DirectoryResource } from '@longyuan/schema/src/read-directory.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Entry, EntryItem } from './entry.ts';

/** The entries of what is on the hub, out of the libraries' SDL. */
export function entriesOfHub(libraries: readonly Library[]): readonly Entry[] {
  return readDirectory(libraries).resources.map(entryOf);
}

function entryOf(resource: DirectoryResource): Entry {
  const { uscc, name } = resource.provider;
  const bases = [...new Set(resource.items.flatMap((item) => item.basis ?? []))];
  return {
    code: resource.code,
    name: resource.title,
    category: resource.category.join('/'),
    // A library belongs to a department of the province whose number begins the division in its credit code (GB 32100, places 3 to 8).
    provider: { uscc, name, division: `${uscc.slice(2, 4)}0000` },
    providerOffice: null,
    abstract: resource.abstract,
    formats: resource.formats,
    shareType: resource.shareType,
    shareCondition: resource.shareType === 'UNCONDITIONAL' || bases.length === 0 ? null : bases.join('；'),
    shareModes: resource.shareModes,
    openness: resource.openness,
    openCondition: null,
    updateCycle: resource.updateCycle,
    publishedOn: resource.publishedOn,
    related: resource.related,
    keywords: resource.keywords,
    level: resource.level,
    library: resource.library,
    typeName: resource.typeName,
    items: resource.items.map(itemOf),
  };
}

function itemOf(item: DirectoryItem): EntryItem {
  return {
    code: item.code,
    name: item.title,
    dataType: item.type,
    length: item.length,
    standard: item.standard,
    shareType: item.share,
    basis: item.basis,
    noShareReason: item.reason,
    openToPublic: item.open,
    level: item.level,
    mask: item.mask,
    verifyOnly: item.verifyOnly,
    aggregate: item.aggregate,
    source: item.source,
    graphqlPath: item.graphqlPath,
    fields: item.fields.map(({ coordinate, description, graphqlPath, mask }) => ({ coordinate, description, graphqlPath, mask })),
    laxer: item.when.map(({ predicate, share, basis, open, level }) => ({
      predicate,
      shareType: share,
      basis,
      openToPublic: open,
      level,
    })),
  };
}
