/**
 * A place of an answer (an object, or each object of a list) with the response names that were asked for there in their order, those that
 * are null because they were refused, and the places below. `isTold`: the pruned operation asks for the type there, under `TYPE_KEY`.
 */
export type NullPlace = {
  readonly keys: Set<string>;
  readonly nulls: Set<string>;
  /** Names that are null where the object is of this type. */
  readonly nullsByType: Map<string, Set<string>>;
  readonly below: Map<string, NullPlace>;
  isTold: boolean;
};

/** Name under which a pruned operation asks for the type of an object. Never reaches an answer, and nobody else may use it. */
export const TYPE_KEY = '__hubType';

/** A place of which nothing is known yet. */
export function openPlace(): NullPlace {
  return { keys: new Set(), nulls: new Set(), nullsByType: new Map(), below: new Map(), isTold: false };
}

/** Takes the places out that an answer needs no change at, so that the rest of it is not touched. Whether this one needs any. */
export function trimPlaces(place: NullPlace): boolean {
  for (const [key, below] of place.below) if (!trimPlaces(below)) place.below.delete(key);
  return place.isTold || place.nulls.size + place.nullsByType.size + place.below.size > 0;
}

/** Gives refused items back to an answer as nulls, in the order that was asked for. Objects without refusals in or below are kept as they are. */
export function putBackNulls(data: unknown, place: NullPlace): unknown {
  if (Array.isArray(data)) return data.map((each: unknown) => putBackNulls(each, place));
  if (typeof data !== 'object' || data === null) return data;
  const values: Readonly<Record<string, unknown>> = data as Readonly<Record<string, unknown>>;
  const type = values[TYPE_KEY];
  const ofType = typeof type === 'string' ? place.nullsByType.get(type) : undefined;
  const answer: Record<string, unknown> = {};
  for (const key of place.keys) {
    if (place.nulls.has(key) || ofType?.has(key)) answer[key] = null;
    else if (Object.hasOwn(values, key)) {
      const below = place.below.get(key);
      answer[key] = below ? putBackNulls(values[key], below) : values[key];
    }
  }
  return answer;
}
