/** A row of which only the asked-for columns were read; the `Always` ones are there whatever was asked. */
export type AskedRow<Model, Always extends keyof Model> = Readonly<Pick<Model, Always> & Partial<Model>>;

/** Prisma's `select` for the asked-for columns and those that the store itself needs, such as the key. */
export function selectColumns<Model>(columns: readonly string[], always: readonly (keyof Model & string)[]): Record<keyof Model, true> {
  // Which columns are asked is known only now, so the compiler is told of all; the store's own signatures (`AskedRow`) say which are sure.
  return Object.fromEntries([...always, ...columns].map((column) => [column, true])) as Record<keyof Model, true>;
}
