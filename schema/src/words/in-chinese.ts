import { type ErrorCode, errorCodes } from '../error-codes.ts';
import { refusals, rules } from './catalogue.ts';
import { messagesOfGraphql } from './messages-of-graphql.ts';
import { readTemplates, type Template } from './read-sentence.ts';
import { faultsOfApplications, reasonsOfItems, reasonsOfTokens } from './reasons.ts';
import { refusalsOfItems } from './refusals-of-items.ts';

/** Longer texts are not looked through: they quote what was sent. */
const LONGEST = 2_000;
const ARGUMENT = /^(?<argument>\$?[\w.]{1,200}(?:\(\w{1,100}:\))?[\w.]{0,200}) (?<rule>[\s\S]+)$/;

const ruleTemplates = readTemplates(Object.values(rules));
const ofItems = readTemplates(Object.values(refusalsOfItems));
const ofGraphql = readTemplates(Object.values(messagesOfGraphql));
const refusalTemplates = new Map(
  [...Map.groupBy(Object.values(refusals), ({ code }): ErrorCode => code)].map(([code, words]) => [code, readTemplates(words)]),
);
const reasons = readTemplates(Object.values({ ...reasonsOfItems, ...reasonsOfTokens }));
const faults = readTemplates(Object.values(faultsOfApplications));

/**
 * What a sentence of the hub says, in Chinese, with what stands in its holes. A sentence that the catalogue does not hold is told as what its
 * code means, which is so whatever it said.
 */
export function inChinese(message: string, code: ErrorCode): string {
  return (message.length > LONGEST ? null : translate(message, code)) ?? errorCodes[code].zh;
}

function translate(message: string, code: ErrorCode): string | null {
  return (
    find(message, code, refusalTemplates.get(code) ?? []) ??
    find(message, code, ofItems) ??
    ofArgument(message, code) ??
    (code === 'BAD_USER_INPUT' ? find(message, code, ofGraphql) : null)
  );
}

function ofArgument(message: string, code: ErrorCode): string | null {
  const { argument, rule } = ARGUMENT.exec(message)?.groups ?? {};
  const said = rule === undefined ? null : find(rule, code, ruleTemplates);
  return said && `${argument} ${said}`;
}

function find(text: string, code: ErrorCode, templates: readonly Template[]): string | null {
  for (const { words, read } of templates) {
    const holes = read(text);
    const said = holes && put(words.zh, holes, code);
    if (said !== null) return said;
  }
  return null;
}

/** Null where what stands in a hole is itself no sentence of the catalogue. */
function put(text: string, holes: ReadonlyMap<string, string>, code: ErrorCode): string | null {
  const values = new Map([...holes].map(([hole, value]) => [hole, shownIn(hole, value, code)]));
  if ([...values.values()].includes(null)) return null;
  return text.replace(/\{(\w+)\}/g, (_whole, hole: string) => values.get(hole) ?? '');
}

function shownIn(hole: string, value: string, code: ErrorCode): string | null {
  switch (hole) {
    case 'reason':
      return find(value, code, reasons);
    case 'fault':
      return find(value, code, faults);
    case 'rule':
      return find(value, code, ruleTemplates);
    case 'meaning':
      return errorCodes[code].zh;
    case 'message':
      return translate(value, code) ?? errorCodes[code].zh;
    case 'size':
      return value === 'countless' ? '无数' : value;
    case 'arguments':
      return value.replaceAll(', ', '、').replaceAll(' or ', ' 或 ');
    case 'item':
      return value.replace(/ \((.*)\)$/, (_whole, named: string) => `（${named.replaceAll(', ', '，')}）`);
    default:
      return value;
  }
}
