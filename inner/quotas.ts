/** So much of a limit of the day. Whoever names one limit gives it the same `limit` each time. */
export type Want = Readonly<{ name: string; limit: number; amount: number }>;

/** What became of a wish to spend: done, or of which limit too little is left until when (milliseconds since 1970). */
export type Spending = Readonly<{ kind: 'spent'; day: string } | { kind: 'exceeded'; want: Want; left: number; resetsAtMs: number }>;

/** The limits of a day, as all gateways over one store keep them. The day ends at the province's midnight. */
export type Quotas = Readonly<{
  /** Spends all of it, or nothing where too little is left of one. @throws what the store throws, where it has to be asked. */
  spend(wants: readonly Want[]): Promise<Spending>;
  /** Takes back what was spent on that day and came to nothing. */
  giveBack(day: string, wants: readonly Want[]): void;
  /** What all gateways have spent today, in the order of the names; of another gateway's large limit as it was a moment ago. */
  used(names: readonly string[]): Promise<readonly number[]>;
  /** Gives back what was taken and is not spent. */
  close(): Promise<void>;
}>;
