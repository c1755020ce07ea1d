import { hasFormOfCreditCode, isCalendarDay, isCitizenNumber, isCreditCode, isLicenseIdentifier } from './check-digits.ts';
import { isInCodeTable } from './code-tables.ts';
import { isKnownDivision } from './division-table.ts';
import { MOMENT_RULE, readMoment } from './moment.ts';

/** A form that text must have: the test, what the message says it must be, and a value of nobody's that is. */
type Form = Readonly<{ holds: (text: string) => boolean; says: string; example: string }>;

/** The forms of `ArgumentFormat` in `directives.graphql`, by name. */
export const valueForms: Readonly<Record<string, Form>> = {
  CITIZEN_NUMBER: {
    holds: isCitizenNumber,
    says: 'must be a citizen number (公民身份号码, GB 11643): 18 characters with a real birth date and the right check digit',
    example: '11010519491231002X',
  },
  CREDIT_CODE: {
    holds: isCreditCode,
    says: 'must be a unified social credit code (统一社会信用代码, GB 32100): 18 characters without I O S V Z and the right check digit',
    example: '91350100M000100Y43',
  },
  ISSUED_CREDIT_CODE: {
    holds: hasFormOfCreditCode,
    says: 'must be a unified social credit code (统一社会信用代码, GB 32100): 18 characters without I O S V Z',
    example: '91350100M000100Y43',
  },
  DIVISION_CODE: {
    holds: (text) => /^\d{6}(\d{3}(\d{3})?)?$/.test(text),
    says: 'must be a division code (区划代码): 6, 9 or 12 digits',
    example: '620000',
  },
  KNOWN_DIVISION: {
    holds: isKnownDivision,
    says: 'must be the code of a division of the province (区划代码): 6, 9 or 12 digits, as `divisions` lists them',
    example: '620000',
  },
  LICENSE_IDENTIFIER: {
    holds: isLicenseIdentifier,
    says: 'must be a license identifier (证照标识, GB/T 36904): 1.2.156.3005.2.<type>.<authority>.<serial>.<version>.<check> with the right check character',
    example: '1.2.156.3005.2.11100000000013338W001.11620000000000000X.000000001.001.8',
  },
  LICENSE_TYPE_CODE: {
    holds: (text) => /^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}$/.test(text),
    says: 'must be a license type code (证照类型代码): the credit code of the defining body and three digits',
    example: '11100000000013338W001',
  },
  ADDRESS_CODE: {
    holds: (text) => /^\d{25}$/.test(text),
    says: 'must be a standard address code (标准地址编码): 25 digits',
    example: '6201020010010000000000001',
  },
  REAL_ESTATE_UNIT_NO: {
    holds: (text) => /^[0-9A-Z]{28}$/.test(text),
    says: 'must be a real-estate unit number (不动产单元号, GB/T 37346): 28 digits and capital letters',
    example: '620102001001GB00001F00010001',
  },
  PHONE: {
    holds: (text) => /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(text),
    says: 'must be a telephone number: 11 digits of a mobile phone, or area code and number',
    example: '0931-8000000',
  },
  DIGEST: {
    holds: (text) => /^[0-9a-f]{64}$/.test(text),
    says: 'must be a SHA-256 in hex: 64 digits and small letters',
    example: '0000000000000000000000000000000000000000000000000000000000000000',
  },
  INDUSTRY_CODE: {
    holds: (text) => isInCodeTable('industry', text.slice(0, 1)) && /^[A-Z]\d{0,4}$/.test(text),
    says: 'must be an industry code (行业代码, GB/T 4754): section letter and up to four digits',
    example: 'I6210',
  },
  DATE: { holds: isCalendarDay, says: 'must be a day of the calendar, YYYY-MM-DD', example: '2026-01-01' },
  DATE_TIME: { holds: (text) => readMoment(text) !== null, says: MOMENT_RULE, example: '2026-01-01T00:00:00Z' },
  CURSOR: { holds: (text) => /^[\w.-]{1,500}$/.test(text), says: 'must be a cursor as an earlier page gave it', example: 'WyI2MjAwMDAiXQ' },
};
