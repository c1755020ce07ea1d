/** The header in which a caller says what for: the code of a service item (政务服务事项实施编码). */
export const PURPOSE_HEADER = 'x-purpose';

/** GB/T 39554.1: 31 characters, the credit code of the department that answers for the item and 13 digits. */
const SERVICE_ITEM_CODE = /^[0-9A-Z]{18}\d{13}$/;

/** The purpose that a header names, null where it names none; undefined where it is malformed. */
export function readPurpose(header: string | readonly string[] | undefined): string | null | undefined {
  if (header === undefined || header === '') return null;
  return typeof header === 'string' && SERVICE_ITEM_CODE.test(header) ? header : undefined;
}
