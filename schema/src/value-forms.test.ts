import { expect, test } from 'vitest';
import { valueForms } from './value-forms.ts';

test.each(Object.entries(valueForms))('the example of %s has its form', (_name, { holds, example }) => expect(holds(example)).toBe(true));
