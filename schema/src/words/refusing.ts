import type { ErrorCode } from '../error-codes.ts';
import type { Words } from './sentence.ts';

/** A whole sentence that refuses, and the code that goes with it. */
export type Refusing = Words & Readonly<{ code: ErrorCode }>;
