import { Gauge, type Registry } from 'prom-client';

/** How much is kept of one kind; `bytes` null: entries alone are counted. */
type KeptSize = Readonly<{ what: string; entries: number; bytes: number | null }>;

/** Has the figures tell how much the process keeps, by kind, whenever they are read. */
export function figureWhatIsKept(registry: Registry, sizes: () => readonly KeptSize[]): void {
  const [registers, labelNames] = [[registry], ['what'] as const];
  const name = (what: string): string => what.replaceAll(/[^a-z]+/g, '_');
  new Gauge({
    ...{ registers, labelNames, name: 'longyuan_kept_entries', help: 'Entries that are kept, by kind: each kind is bounded.' },
    collect() {
      for (const { what, entries } of sizes()) this.set({ what: name(what) }, entries);
    },
  });
  new Gauge({
    ...{ registers, labelNames, name: 'longyuan_kept_bytes', help: 'Heap that what is kept takes at most, where it is counted.' },
    collect() {
      for (const { what, bytes } of sizes()) if (bytes !== null) this.set({ what: name(what) }, bytes);
    },
  });
}
