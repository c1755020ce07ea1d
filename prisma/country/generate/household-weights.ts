/** Kinds of household, in the order of the weights below. */
export const householdKinds = ['single', 'couple', 'family', 'threeGenerations', 'loneParent', 'grandchild', 'collective'] as const;
export type HouseholdKindName = (typeof householdKinds)[number];

/**
 * How often each kind comes (rows) with a woman of each five years of age from 20–24 to 85–89 (columns). Fitted, by raising and
 * lowering what came out too small and too large, so that the living have the ages of Gansu's census of 2020: 19.4% under 15,
 * 63.6% from 15 to 59, 17.0% of 60 and over, 12.6% of 65 and over, with three members a household and 51% men. `block.test.ts` holds them to it.
 */
export const kindWeights: readonly (readonly number[])[] = [
  [13.1, 16.6, 16.6, 1.5, 1.5, 5.2, 29.4, 12.4, 6.2, 19, 5.9, 10.5, 3.9, 3.1],
  [7.1, 13.8, 1.7, 1, 1, 11.1, 40.3, 15.9, 8.3, 17.3, 7.2, 9.9, 4.2, 3.5],
  [7.2, 47.8, 76.9, 65.9, 57.3, 76.9, 37.6, 17.2, 0, 0, 0, 0, 0, 0],
  [6.5, 28.4, 30.3, 22.9, 25.7, 33.7, 10, 4.9, 0, 0, 0, 0, 0, 0],
  [0, 3.8, 11.7, 15.6, 11.2, 4.1, 5.4, 0.4, 0, 0, 0.1, 0.4, 0.2, 0.1],
  [0, 0, 0, 0, 0, 0, 10.8, 32, 19.6, 31.8, 17.7, 0, 0, 0],
  [1.7, 1.9, 0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];
