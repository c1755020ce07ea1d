import type { QuotaStore, Taking } from '@longyuan/inner/hub-stores.ts';
import type { Quotas, Spending, Want } from '@longyuan/inner/quotas.ts';
import { dayInProvince, endOfNamedDayMs } from '@longyuan/schema/src/province-day.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { FormattedExecutionResult } from 'graphql';
import type { QuotaMove } from '../observe/gateway-figures.ts';

/**
 * A large limit is taken in this many parts: one statement pays for many calls, and what a gateway loses that is killed is one part of it. A
 * limit up to this is taken one by one, so that it is exact and written down before the answer.
 */
const PARTS = 1_000;
const DAY_MS = 86_400_000;
/** What was spent of parts that were taken before is told to the store so long after it, all at once. */
const TELL_MS = 250;
/** A number of what is spent is looked at so often at most, where it is just being told. */
const MOST_LOOKS = 3;
/** Limits of which something is held, some 150 bytes each; of any more nothing is held. */
const MOST_HELD = 200_000;

/** Of one limit: taken from the store and not spent, spent and not yet told, and the part it is taken in. */
type Held = { left: number; untold: number; readonly limit: number; readonly part: number };

/** Keeps limits over a store. What is taken there is never more than the limit; what is spent here is never more than was taken. */
export function keepQuotas(parts: { store: QuotaStore; log: Pick<Logger, 'warn'>; now?: () => number }): Quotas {
  const { store, log, now = Date.now } = parts;
  let day = '';
  let held = new Map<string, Held>();
  /** The last in line for more of a limit. */
  const lines = new Map<string, Promise<void>>();
  /** What was refused a moment ago: who asks for as much again and again does not make the store say so each time. */
  const refused = new Map<string, Readonly<{ amount: number; left: number }>>();
  /** Statements that tell what is spent, one after the other; and how many there were. */
  let telling: Promise<unknown> = Promise.resolve();
  let tells = 0;
  let timer: NodeJS.Timeout | null = null;
  let isTold = false;

  /** Begins a day of which nothing is known yet, the first one too. */
  function today(): string {
    const at = dayInProvince(now());
    if (at !== day) {
      // What is held of a day that is over is worth nothing; another gateway's clock may still be in it, so its lines stay for a day.
      held = new Map();
      refused.clear();
      day = at;
      void inTurn(() => store.forgetBefore(dayInProvince(now() - DAY_MS))).catch(() => {});
    }
    return day;
  }

  /** Has statements of this gateway follow each other, whatever became of the one before. */
  function inTurn<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = telling.then(ask);
    telling = answer.catch(() => {});
    return answer;
  }

  const partOf = (name: string, limit: number): number =>
    held.has(name) || held.size < MOST_HELD ? Math.max(1, Math.ceil(limit / PARTS)) : 1;

  /** Adds to what is held of a limit; nothing of a day that is over. */
  function keep(of: string, { name, limit }: Pick<Want, 'name' | 'limit'>, left: number, untold: number): void {
    if (of !== day || (left === 0 && untold === 0)) return;
    if (left > 0) refused.delete(name);
    const each = held.getOrInsertComputed(name, () => ({ left: 0, untold: 0, limit, part: partOf(name, limit) }));
    each.left += left;
    each.untold += untold;
    // What is all told, and of which nothing is left, is known to the store.
    if (each.left === 0 && each.untold === 0) held.delete(name);
    else if (each.untold !== 0 || each.left >= each.part) tellSoon();
  }

  async function spend(all: readonly Want[]): Promise<Spending> {
    const of = today();
    if (all.every(({ name, amount }) => amount === 0 || (held.get(name)?.left ?? 0) >= amount)) {
      for (const want of all) keep(of, want, -want.amount, want.amount);
      return { kind: 'spent', day: of };
    }
    const wants = all.filter(({ amount }) => amount > 0);
    const known = wants.find(({ name, amount }) => amount >= (refused.get(name)?.amount ?? Number.POSITIVE_INFINITY));
    if (known) return { kind: 'exceeded', want: known, left: refused.get(known.name)?.left ?? 0, resetsAtMs: endOfNamedDayMs(of) };
    const lacking = wants.filter(({ name, amount }) => (held.get(name)?.left ?? 0) < amount);
    // One after the other: who comes meanwhile may find enough in the part that is being taken.
    const names = lacking.map(({ name }) => name);
    const turn = Promise.all(names.map((name) => lines.get(name))).then(() => spendFromStore(wants));
    const ended: Promise<void> = turn.then(
      () => leave(names, ended),
      (error: unknown) => {
        // Whoever stands in line is told the same; who comes after asks the store again.
        for (const name of names) lines.delete(name);
        throw error;
      },
    );
    ended.catch(() => {});
    for (const name of names) lines.set(name, ended);
    return turn;
  }

  function leave(names: readonly string[], line: Promise<void>): void {
    for (const name of names) if (lines.get(name) === line) lines.delete(name);
  }

  async function spendFromStore(wants: readonly Want[]): Promise<Spending> {
    const of = today();
    const hopeless = wants.find(({ limit, amount }) => amount > limit);
    if (hopeless) return exceeded(of, hopeless);
    // What is here is this request's from now on, so that it cannot be spent twice while the store is asked for the rest.
    const own = wants.map((want) => {
      const here = Math.min(held.get(want.name)?.left ?? 0, want.amount);
      keep(of, want, -here, 0);
      return { want, here, lacking: want.amount - here };
    });
    const lacking = own.filter((each) => each.lacking > 0);
    const giveUp = (): void => {
      for (const { want, here } of own) keep(of, want, here, 0);
    };
    const taken = await take(of, lacking).catch((error: unknown) => {
      giveUp();
      throw error;
    });
    const missed = lacking.find(({ want }) => !taken.has(want.name));
    if (missed) {
      giveUp();
      const back = [...taken.values()].map(({ name, taken: all, used }) => ({ name, taken: -all, used: -used }));
      if (back.length > 0) await store.change(of, back);
      return exceeded(of, missed.want);
    }
    // What had to be asked for was told to be spent with the same statement.
    for (const { want, here, lacking: rest } of own)
      keep(of, want, rest > 0 ? (taken.get(want.name)?.taken ?? rest) - rest : 0, rest > 0 ? 0 : here);
    return { kind: 'spent', day: of };
  }

  /** Takes a part of each limit, or near its end just what is lacking; those of which there was enough. */
  async function take(of: string, lacking: readonly Readonly<{ want: Want; lacking: number }>[]): Promise<ReadonlyMap<string, Taking>> {
    const takingOf = (isPart: boolean) =>
      lacking.map(({ want: { name, limit, amount }, lacking: least }) => ({
        ...{ name, limit, used: amount, taken: isPart ? Math.max(least, Math.min(limit, partOf(name, limit))) : least },
      }));
    if (lacking.length === 0) return new Map();
    const whole = takingOf(true);
    const taken = await store.take(of, whole);
    const less = takingOf(false).filter(
      ({ name, taken: least }) => !taken.has(name) && whole.some((each) => each.name === name && each.taken > least),
    );
    const takenLess = less.length > 0 ? await store.take(of, less) : new Set<string>();
    return new Map(
      [...whole.filter(({ name }) => taken.has(name)), ...less.filter(({ name }) => takenLess.has(name))].map((each) => [each.name, each]),
    );
  }

  async function exceeded(of: string, want: Want): Promise<Spending> {
    const [used = 0] = await usedOf(of, [want.name]);
    const left = Math.max(0, want.limit - used);
    if (refused.size >= MOST_HELD) refused.clear();
    refused.set(want.name, { amount: want.amount, left });
    setTimeout(() => refused.delete(want.name), TELL_MS).unref();
    return { kind: 'exceeded', want, left, resetsAtMs: endOfNamedDayMs(of) };
  }

  async function usedOf(of: string, names: readonly string[]): Promise<readonly number[]> {
    for (let look = 1; ; look += 1) {
      await telling;
      const before = tells;
      const states = await store.read(of, names);
      // What was told meanwhile may be in neither number, or in both.
      if (tells === before || look === MOST_LOOKS) return usedIn(of, names, states);
    }
  }

  function usedIn(of: string, names: readonly string[], states: Awaited<ReturnType<QuotaStore['read']>>): readonly number[] {
    return names.map((name) => (states.get(name)?.used ?? 0) + (of === day ? (held.get(name)?.untold ?? 0) : 0));
  }

  function tellSoon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      void inTurn(() => tell(false));
    }, TELL_MS).unref();
  }

  /** Tells what was spent, and gives back what is left beyond a part, or all of it. */
  async function tell(isLast: boolean): Promise<void> {
    const of = today();
    const told: { name: string; limit: number; left: number; untold: number }[] = [];
    for (const [name, { limit, left, untold, part }] of held) {
      const beyond = isLast ? left : Math.max(0, left - (part - 1));
      if (beyond !== 0 || untold !== 0) told.push({ name, limit, left: beyond, untold });
    }
    if (told.length === 0) return;
    tells += 1;
    // Nobody spends meanwhile what goes back.
    for (const each of told) keep(of, each, -each.left, -each.untold);
    try {
      await store.change(
        of,
        told.map(({ name, left, untold }) => ({ name, taken: -left, used: untold })),
      );
      isTold = false;
    } catch (error) {
      // What was to go back may be gone: it is lost for today rather than spent twice.
      for (const each of told) keep(of, each, 0, each.untold);
      if (!isTold) log.warn({ err: error }, 'what was spent of the limits of the day cannot be told to the store now; it is told later');
      isTold = true;
    }
  }

  return {
    spend,
    giveBack(of, wants) {
      for (const want of wants) keep(of, want, want.amount, -want.amount);
    },
    used: (names) => usedOf(today(), names),
    async close() {
      if (timer) clearTimeout(timer);
      await inTurn(() => tell(true));
    },
  };
}

/** The same quotas, that tell what of all limits together is spent, given back and asked for in vain: of no limit, and so of no department, how much. */
export function countQuotas(quotas: Quotas, tell: (move: QuotaMove, amount: number) => void): Quotas {
  const sum = (wants: readonly Want[]): number => wants.reduce((all, { amount }) => all + amount, 0);
  return {
    ...quotas,
    spend: async (wants) => {
      const spending = await quotas.spend(wants);
      if (spending.kind === 'spent') tell('spent', sum(wants));
      else tell('exceeded', spending.want.amount);
      return spending;
    },
    giveBack: (day, wants) => {
      tell('given_back', sum(wants));
      quotas.giveBack(day, wants);
    },
  };
}

/** Of a request that was refused as a whole because a limit of the day is used up: how long until there is more; null for any other answer. */
export function secondsToReset(
  { data, errors = [] }: Pick<FormattedExecutionResult, 'data' | 'errors'>,
  nowMs = Date.now(),
): number | null {
  const resetsAt = data ? undefined : errors.find(({ extensions }) => extensions?.['code'] === 'QUOTA_EXCEEDED')?.extensions?.['resetsAt'];
  return typeof resetsAt === 'string' ? Math.max(1, Math.ceil((Date.parse(resetsAt) - nowMs) / 1_000)) : null;
}
