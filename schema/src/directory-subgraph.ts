import type { DocumentNode } from 'graphql';
import { completeTypes } from './complete-types.ts';
import { parseSdl, readSdlFile } from './read-sdl-file.ts';

/** The directory as one more subgraph. It is no library: it has no owner and no port, and nothing in it is an item. */
export type DirectorySubgraph = Readonly<{ name: string; title: string; document: DocumentNode }>;

const SDL_FILE = new URL('../directory.graphql', import.meta.url);
const NAME = 'schema/directory.graphql';

/** What is composed beside the libraries, wherever schemas are composed: the one list of it. */
export const readInnerSubgraphs = (): readonly DirectorySubgraph[] => [readDirectorySubgraph()];

/** Reads `schema/directory.graphql`. Composed beside the libraries; its argument formats are checked like theirs. */
export function readDirectorySubgraph(): DirectorySubgraph {
  return {
    name: 'directory',
    title: '政务信息资源目录',
    document: completeTypes(parseSdl(readSdlFile(SDL_FILE, NAME), NAME)),
  };
}
