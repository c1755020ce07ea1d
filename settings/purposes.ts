import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The service items (政务服务事项) that purposes are, and departments that list nothing in the directory: which there are, and their names. */
export type Purposes = Readonly<{
  /** Name of a service item by its code; null where the hub knows none. */
  nameOf(code: string): string | null;
  /** Name of a department by its credit code; null where the hub knows none. */
  nameOfDepartment(uscc: string): string | null;
  /** Whether a code is that of a service item: one of those in the file, or of the right form where the hub was given none. */
  has(code: string): boolean;
}>;

/** GB/T 39554.1: the credit code of the department that answers for the item, and 13 digits. */
export const SERVICE_ITEM_CODE = /^[0-9A-Z]{18}\d{13}$/;

/** What a hub knows that is given no file: no name, and of a code its form. */
export const UNNAMED_PURPOSES: Purposes = {
  nameOf: () => null,
  nameOfDepartment: () => null,
  has: (code) => SERVICE_ITEM_CODE.test(code),
};

const HOLDS = `It is {"serviceItems": {"<code>": "<name>", …}, "departments": {"<credit code>": "<name>", …}} and nothing else; without HUB_PURPOSES_FILE the hub knows no names.`;
const MOST_TOLD = 5;

const name = z.string('a name is text').regex(/\S/, 'a name is text');
const names = (code: RegExp, rule: string) => z.record(z.string().regex(code), name, `holds names by their codes; ${rule}`);
const purposesFile = z.strictObject({
  serviceItems: names(SERVICE_ITEM_CODE, 'a code is a credit code and 13 digits (GB/T 39554.1)'),
  departments: names(/^[0-9A-Z]{18}$/, 'a credit code has 18 characters (GB 32100)'),
});

/** Reads the file that `HUB_PURPOSES_FILE` names; null: none. @throws Error that says what is wrong with it, where, and how to mend it. */
export function readPurposes(file: string | null): Purposes {
  if (file === null) return UNNAMED_PURPOSES;
  const { serviceItems, departments } = readFile(file);
  return {
    nameOf: (code) => serviceItems.get(code) ?? null,
    nameOfDepartment: (uscc) => departments.get(uscc) ?? null,
    has: (code) => serviceItems.has(code),
  };
}

function readFile(file: string) {
  const refuse = (finding: string, cause?: unknown) =>
    new Error(`HUB_PURPOSES_FILE: ${file} ${finding}${cause instanceof Error ? `: ${cause.message}` : ''}. ${HOLDS}`, { cause });
  let told: unknown;
  try {
    told = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? 'is no JSON' : 'cannot be read', error);
  }
  const { data, error } = purposesFile.safeParse(told);
  if (error) throw refuse(`is not as it should be: ${error.issues.slice(0, MOST_TOLD).map(sayIssue).join(', ')}`);
  return { serviceItems: new Map(Object.entries(data.serviceItems)), departments: new Map(Object.entries(data.departments)) };
}

function sayIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join('.')} (${message})` : message;
}
