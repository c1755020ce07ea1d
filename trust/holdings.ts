/** Where a library tells what it holds: counts and moments, never a value. */
export const HOLDINGS_PATH = '/holdings';
/** What a warrant names that opens it; no field is called so. */
export const HOLDINGS = 'Library.holdings';
