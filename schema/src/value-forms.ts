import { isCheckCode } from './check-code.ts';
import { hasFormOfCreditCode, isCalendarDay, isCitizenNumber, isCreditCode, isLicenseIdentifier } from './check-digits.ts';
import { isInCodeTable } from './code-tables.ts';
import { isDivisionCode } from './division-prefix.ts';
import { isKnownDivision } from './division-table.ts';
import { readMoment } from './moment.ts';
import type { rulesOfForms } from './words/rules-of-values.ts';

/** A form that text must have: the test, the rule of the catalogue that says what it must be, and a value of nobody's that is. */
type Form = Readonly<{ holds: (text: string) => boolean; rule: keyof typeof rulesOfForms; example: string }>;

/** The forms of `ArgumentFormat` in `directives.graphql`, by name. */
export const valueForms: Readonly<Record<string, Form>> = {
  CITIZEN_NUMBER: { holds: isCitizenNumber, rule: 'FORM_CITIZEN_NUMBER', example: '11010519491231002X' },
  CREDIT_CODE: { holds: isCreditCode, rule: 'FORM_CREDIT_CODE', example: '91350100M000100Y43' },
  ISSUED_CREDIT_CODE: { holds: hasFormOfCreditCode, rule: 'FORM_ISSUED_CREDIT_CODE', example: '91350100M000100Y43' },
  DIVISION_CODE: { holds: isDivisionCode, rule: 'FORM_DIVISION_CODE', example: '620000' },
  KNOWN_DIVISION: { holds: isKnownDivision, rule: 'FORM_KNOWN_DIVISION', example: '620000' },
  LICENSE_IDENTIFIER: {
    holds: isLicenseIdentifier,
    rule: 'FORM_LICENSE_IDENTIFIER',
    example: '1.2.156.3005.2.11100000000013338W001.11620000000000000X.000000001.001.8',
  },
  LICENSE_TYPE_CODE: {
    holds: (text) => /^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}$/.test(text),
    rule: 'FORM_LICENSE_TYPE_CODE',
    example: '11100000000013338W001',
  },
  CHECK_CODE: { holds: isCheckCode, rule: 'FORM_CHECK_CODE', example: '8BSC-ZDV9-TWJL-VWMM-WTJB' },
  ADDRESS_CODE: { holds: (text) => /^\d{25}$/.test(text), rule: 'FORM_ADDRESS_CODE', example: '6201020010010000000000001' },
  REAL_ESTATE_UNIT_NO: {
    holds: (text) => /^[0-9A-Z]{28}$/.test(text),
    rule: 'FORM_REAL_ESTATE_UNIT_NO',
    example: '620102001001GB00001F00010001',
  },
  PHONE: { holds: (text) => /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(text), rule: 'FORM_PHONE', example: '0931-8000000' },
  DIGEST: {
    holds: (text) => /^[0-9a-f]{64}$/.test(text),
    rule: 'FORM_DIGEST',
    example: '0000000000000000000000000000000000000000000000000000000000000000',
  },
  INDUSTRY_CODE: {
    holds: (text) => isInCodeTable('industry', text.slice(0, 1)) && /^[A-Z]\d{0,4}$/.test(text),
    rule: 'FORM_INDUSTRY_CODE',
    example: 'I6210',
  },
  DATE: { holds: isCalendarDay, rule: 'FORM_DATE', example: '2026-01-01' },
  DATE_TIME: { holds: (text) => readMoment(text) !== null, rule: 'FORM_DATE_TIME', example: '2026-01-01T00:00:00Z' },
  CURSOR: { holds: (text) => /^[\w.-]{1,500}$/.test(text), rule: 'FORM_CURSOR', example: 'WyI2MjAwMDAiXQ' },
};
