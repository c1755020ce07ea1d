import { isCreditCode } from '../check-digits.ts';
import type { Rule } from './rule.ts';

/** 分类码 "/" 顺序码: class, item and catalogue digits with any detail, then a running number. */
const RESOURCE_CODE = /^[123]\d{5}\d{0,24}\/(?=\d*[1-9])\d{1,8}$/;
/** A letter for the library, three digits. */
const ITEM_CODE = /^[A-Z]\d{3}$/;

/** Codes of resources and items, days of publication and the credit code of the owner have the form that their standard rules. */
export const codesAreWellFormed: Rule = ({ facts, library, complain }) => ({
  Document(node) {
    if (isCreditCode(library.uscc)) return;
    complain({
      at: node.definitions.find((definition) => definition.kind === 'SchemaExtension') ?? node,
      coordinate: '@library(uscc:)',
      message: `"${library.uscc}" is no unified social credit code (GB 32100)`,
      mend: 'name the code of the department that owns the library',
    });
  },
  ObjectTypeDefinition(node) {
    const resource = facts.typeAt(node)?.resource;
    if (!resource) return;
    if (!RESOURCE_CODE.test(resource.code)) {
      complain({
        at: node.name,
        coordinate: node.name.value,
        message: `"${resource.code}" is no resource code`,
        mend: 'write class (1-3), five digits or more, a slash and a running number from 1: 101001/1',
      });
    }
    if (!isDay(resource.publishedOn)) {
      complain({ at: node.name, coordinate: node.name.value, message: `"${resource.publishedOn}" is no day`, mend: 'write YYYY-MM-DD' });
    }
  },
  FieldDefinition(node) {
    const field = facts.fieldAt(node);
    for (const code of new Set(field?.items.map((item) => item.code))) {
      if (ITEM_CODE.test(code)) continue;
      complain({
        at: node.name,
        coordinate: field?.coordinate ?? '',
        message: `"${code}" is no item code`,
        mend: 'write a capital letter and three digits: P001',
      });
    }
  },
});

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
