import { SERVICE_ITEM_CODE } from '@longyuan/settings/purposes.ts';

/** The header in which a caller says what for: the code of a service item (政务服务事项实施编码). */
export const PURPOSE_HEADER = 'x-purpose';

/** The purpose that a header names, null where it names none; undefined where it is malformed. */
export function readPurpose(header: string | readonly string[] | undefined): string | null | undefined {
  if (header === undefined || header === '') return null;
  return typeof header === 'string' && SERVICE_ITEM_CODE.test(header) ? header : undefined;
}
