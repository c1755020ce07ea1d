import { type DocumentNode, type Location, TokenKind } from 'graphql';

/**
 * Bytes of heap, measured with graphql 16.15 on Node 26 and rounded up. With its places a document keeps every token that it was read from
 * (485 a token where all are names); without them its nodes alone (135 each) and their text. A comment is kept too, and counts towards no
 * limit of tokens. Blanks are known with the places alone: without them is read only what the gateway itself wrote.
 */
const TOKEN_BYTES = 512;
const COMMENT_BYTES = 128;
const NODE_BYTES = 160;
const LEAST_BYTES = 1_024;

/** Bytes of heap that a parsed document takes at most: JSON of it would say a hundredth. Takes time in proportion to the document. */
export function costOfDocument(document: DocumentNode): number {
  const { loc, definitions } = document;
  if (loc) return LEAST_BYTES + bytesOfText(loc);
  // Made of the parts of another one, it keeps all the tokens of that one, which hang together.
  const other = definitions.find((each) => each.loc)?.loc;
  return LEAST_BYTES + bytesOfNodes(document) + (other ? bytesOfText(other) : 0);
}

function bytesOfText({ source, startToken }: Location): number {
  let first = startToken;
  while (first.prev) first = first.prev;
  let bytes = 2 * source.body.length;
  for (let token: typeof first | null = first; token; token = token.next)
    bytes += token.kind === TokenKind.COMMENT ? COMMENT_BYTES : TOKEN_BYTES;
  return bytes;
}

function bytesOfNodes(part: unknown): number {
  if (typeof part === 'string') return 2 * part.length;
  if (typeof part !== 'object' || part === null) return 0;
  let bytes = Array.isArray(part) ? 0 : NODE_BYTES;
  for (const [name, below] of Object.entries(part)) if (name !== 'loc') bytes += bytesOfNodes(below);
  return bytes;
}
