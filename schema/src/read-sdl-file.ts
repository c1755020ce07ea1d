import { readFileSync } from 'node:fs';
import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';

/**
 * The text of an SDL file. A byte order mark of UTF-8 is left out.
 * @throws Error with the file's name, and the line where it has one, when it cannot be read, is empty, or is not in UTF-8.
 */
export function readSdlFile(file: URL, name: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new Error(`${name}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
  const wide = wideEncodingOf(bytes);
  if (wide !== null) throw new Error(`${name}:1: is ${wide}; save the file as UTF-8`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = lineOfFirstFault(bytes);
    throw new Error(`${name}:${line}: is not UTF-8 (perhaps GB 18030 or Latin-1); save the file as UTF-8`, { cause });
  }
}

/** Reads SDL. @throws Error with the file's name, line and column, and what is expected there. */
export function parseSdl(sdl: string, name: string): DocumentNode {
  // Comments say nothing either.
  if (sdl.replace(/#.*/g, '').trim() === '') throw new Error(`${name}:1: is empty; a library's types and its @library stand here`);
  try {
    return parse(new Source(sdl, name));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
    throw new Error(`${name}:${line}:${column}: ${error.message.replace(/^Syntax Error: /, 'is no SDL: ')}`, { cause: error });
  }
}

/** Why the system would not do it, in words. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this account may not read it',
  EPERM: 'this account may not read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is no folder',
};

/** UTF-16 and UTF-32 have a mark at the front or zeros in between, which no text in UTF-8 has. */
function wideEncodingOf(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  return bytes.includes(0) ? 'UTF-16, or no text at all' : null;
}

/** The line of the first byte that no text in UTF-8 has there, counted from 1. */
function lineOfFirstFault(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const upTo = end === -1 ? bytes.length : end + 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, upTo));
    } catch {
      return line;
    }
    from = upTo;
  }
  return line;
}
