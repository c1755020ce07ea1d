import type { Predicates } from '../serve/rows/row-guard.ts';
import { absent, every, is, some, todayOrLater } from '../serve/rows/row-rule.ts';

const isAboutEntity = is('subjectIsEntity', true);

/** Inside the publish period today: its last day still counts. */
const isPublic = some([absent('publishUntil'), todayOrLater('publishUntil')]);

/** Which records the predicates of the SDL hold for. */
export const predicates = {
  SUBJECT_IS_LEGAL_ENTITY: isAboutEntity,
  WITHIN_PUBLISH_PERIOD: every([isAboutEntity, isPublic]),
  STILL_PUBLISHED: isPublic,
} satisfies Predicates;
