/** How often one item was asked for on one day (YYYY-MM-DD) by one caller, by how it ended. */
export type ItemUse = Readonly<{ item: string; day: string; caller: string; outcome: string; calls: number }>;

/** So much of a limit of the day, by the limit's name. */
export type Taking = Readonly<{
  name: string;
  /** The limit itself. Nothing is taken past it. */
  limit: number;
  taken: number;
  /** What of it is spent already. */
  used: number;
}>;

/** How a limit of the day stands: taken by gateways, and what of that they have spent. */
export type QuotaState = Readonly<{ taken: number; used: number }>;

/**
 * Where all gateways of a hub agree on what was taken of the limits of a day (YYYY-MM-DD): the directory's database, the memory of the only
 * gateway, or whatever else can add a number unless a limit is passed. Every change is one step: no two gateways take the same.
 */
export type QuotaStore = Readonly<{
  /** Takes each of these as a whole, or nothing of it where its limit would be passed. The names of those that were taken. */
  take(day: string, takings: readonly Taking[]): Promise<ReadonlySet<string>>;
  /** Adds to both; what is negative goes back. */
  change(day: string, changes: readonly Readonly<{ name: string } & QuotaState>[]): Promise<void>;
  /** Of those that anything was taken of. */
  read(day: string, names: readonly string[]): Promise<ReadonlyMap<string, QuotaState>>;
  /** Forgets every day before this one. */
  forgetBefore(day: string): Promise<void>;
}>;

/** What the hub has something with a database keep. */
export type HubStores = Readonly<{
  quotas: QuotaStore;
  /** Adds to the counts of use. @throws where they cannot be stored now. */
  storeUses(uses: readonly ItemUse[]): Promise<void>;
  /** When rows of each resource (code) were first and last confirmed (RFC 3339), as their libraries told last. */
  readConfirmed(): Promise<ReadonlyMap<string, Readonly<{ oldestAt: string | null; newestAt: string | null }>>>;
}>;
