import { consumerDepartments } from '../public-bodies.ts';
import { serviceItems } from '../service-items.ts';

/** Names by code that the directory knows without being told: service items (实施编码), and departments that list nothing in it. */
export const namesOfServiceItems: ReadonlyMap<string, string> = new Map(serviceItems.map(({ implCode, name }) => [implCode, name]));
export const namesOfDepartments: ReadonlyMap<string, string> = new Map(consumerDepartments.map(({ uscc, name }) => [uscc, name]));
