import type { Quotas, Want } from '@longyuan/inner/quotas.ts';
import type { QuotaMove } from '../observe/gateway-figures.ts';

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
