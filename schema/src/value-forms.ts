import { hasFormOfCreditCode, isCalendarDay, isCitizenNumber, isCreditCode, isLicenseIdentifier } from './check-digits.ts';
import { isInCodeTable } from './code-tables.ts';
import { isKnownDivision } from './division-table.ts';
import { readMoment } from './moment.ts';
import type { rulesOfForms } from './words/rules-of-values.ts';

/** A form that text must have: the test, and the rule of the catalogue that says what it must be. */
type Form = Readonly<{ holds: (text: string) => boolean; rule: keyof typeof rulesOfForms }>;

/** The forms of `ArgumentFormat` in `directives.graphql`, by name. */
export const valueForms: Readonly<Record<string, Form>> = {
  CITIZEN_NUMBER: { holds: isCitizenNumber, rule: 'FORM_CITIZEN_NUMBER' },
  CREDIT_CODE: { holds: isCreditCode, rule: 'FORM_CREDIT_CODE' },
  ISSUED_CREDIT_CODE: { holds: hasFormOfCreditCode, rule: 'FORM_ISSUED_CREDIT_CODE' },
  DIVISION_CODE: { holds: (text) => /^\d{6}(\d{3}(\d{3})?)?$/.test(text), rule: 'FORM_DIVISION_CODE' },
  KNOWN_DIVISION: { holds: isKnownDivision, rule: 'FORM_KNOWN_DIVISION' },
  LICENSE_IDENTIFIER: { holds: isLicenseIdentifier, rule: 'FORM_LICENSE_IDENTIFIER' },
  LICENSE_TYPE_CODE: { holds: (text) => /^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}$/.test(text), rule: 'FORM_LICENSE_TYPE_CODE' },
  ADDRESS_CODE: { holds: (text) => /^\d{25}$/.test(text), rule: 'FORM_ADDRESS_CODE' },
  REAL_ESTATE_UNIT_NO: { holds: (text) => /^[0-9A-Z]{28}$/.test(text), rule: 'FORM_REAL_ESTATE_UNIT_NO' },
  PHONE: { holds: (text) => /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(text), rule: 'FORM_PHONE' },
  DIGEST: { holds: (text) => /^[0-9a-f]{64}$/.test(text), rule: 'FORM_DIGEST' },
  INDUSTRY_CODE: {
    holds: (text) => isInCodeTable('industrySection', text.slice(0, 1)) && /^[A-Z]\d{0,4}$/.test(text),
    rule: 'FORM_INDUSTRY_CODE',
  },
  DATE: { holds: isCalendarDay, rule: 'FORM_DATE' },
  DATE_TIME: { holds: (text) => readMoment(text) !== null, rule: 'FORM_DATE_TIME' },
  CURSOR: { holds: (text) => /^[\w.-]{1,500}$/.test(text), rule: 'FORM_CURSOR' },
};
