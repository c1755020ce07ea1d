import { applyRules, printComplaint } from '@longyuan/schema/src/check-schema.ts';
import { type Library, readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import type { Rule } from '@longyuan/schema/src/rules/rule.ts';

/**
 * What a rule complains about in small libraries, each given as SDL below its `@library`; printed as callers of `checkSchema` print it.
 * Libraries are named tax, vat, … in the order given; line 1 is the library's own, so the SDL's first line is line 2.
 */
export function complaintsAbout(rule: Rule, ...sdls: readonly string[]): readonly string[] {
  return applyRules([rule], sdls.map(smallLibrary)).map(printComplaint);
}

const NAMES = ['tax', 'vat', 'duty'] as const;

/** A library of this SDL; its owner is made up. */
export function smallLibrary(sdl: string, place = 0): Library {
  const name = NAMES[place] ?? `library-${place}`;
  const owner = `name: "${name}", title: "税务", department: "某税务局", uscc: "11629901000000019M", order: ${place + 1}`;
  return readLibrary(`${name}.graphql`, `extend schema @library(${owner})\n${sdl.trim()}`);
}

/** `@item` in one of three usual classes, for tests that are about something else. */
export const anItem = {
  open: (code: string) => `@item(code: "${code}", title: "${code}", share: UNCONDITIONAL, open: true, level: 1, type: C)`,
  unconditional: (code: string) => `@item(code: "${code}", title: "${code}", share: UNCONDITIONAL, open: false, level: 2, type: C)`,
  conditional: (code: string) =>
    `@item(code: "${code}", title: "${code}", share: CONDITIONAL, basis: "《税收征收管理法》第八条", open: false, level: 3, type: C)`,
};

/** `@resource` of a code, with what else is to be said of it. */
export function aResource(code: string, more = ''): string {
  return `@resource(code: "${code}", title: "税", category: "主题/税", updateCycle: DAILY, publishedOn: "2026-01-15" ${more})`;
}
