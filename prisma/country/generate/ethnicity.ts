import { cumulate, type Random } from './random.ts';

/** Shares of the minorities (GB/T 3304 codes) in a county, by its code, else by its prefecture's; the rest is Han. */
const shares: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  620525: { '03': 0.69 },
  620623: { '04': 0.32, '30': 0.05, '03': 0.01 },
  620721: { '48': 0.27, '04': 0.24, '30': 0.02 },
  620923: { '02': 0.36, '03': 0.02 },
  620924: { '17': 0.36, '03': 0.03 },
  622901: { '03': 0.5, '26': 0.04 },
  622921: { '03': 0.32, '26': 0.08 },
  622922: { '03': 0.52, '26': 0.03 },
  622923: { '03': 0.1, '26': 0.03 },
  622924: { '03': 0.6, '26': 0.37 },
  622925: { '03': 0.29, '26': 0.28 },
  622926: { '26': 0.86, '03': 0.1 },
  622927: { '26': 0.3, '03': 0.28, '47': 0.08, '35': 0.05, '30': 0.01 },
  620800: { '03': 0.055 },
  620100: { '03': 0.028, '04': 0.004, '11': 0.004, '26': 0.004, '02': 0.002 },
  620900: { '03': 0.012, '04': 0.004, '02': 0.002 },
  620600: { '03': 0.003, '04': 0.008 },
  620700: { '03': 0.004, '48': 0.004 },
  620500: { '03': 0.012 },
  621200: { '03': 0.008, '04': 0.008 },
  623000: { '04': 0.54, '03': 0.06, '30': 0.005 },
};
const anywhere: Readonly<Record<string, number>> = { '03': 0.005, '11': 0.001, '30': 0.001 };

const tables = new Map<string, Readonly<{ codes: readonly string[]; cumulative: readonly number[] }>>();

/** The people (GB/T 3304) a family of this county belongs to, by chance. */
export function makeEthnicity(random: Random, place: Readonly<{ county: { code: string }; prefecture: { code: string } }>): string {
  const { codes, cumulative } = tableOf(place.county.code, place.prefecture.code);
  return codes[random.weighted(cumulative)] ?? '01';
}

function tableOf(county: string, prefecture: string): Readonly<{ codes: readonly string[]; cumulative: readonly number[] }> {
  const known = tables.get(county);
  if (known) return known;
  const minorities = Object.entries(shares[county] ?? shares[prefecture] ?? anywhere).sort(([one], [other]) => (one < other ? -1 : 1));
  const han = 1 - minorities.reduce((sum, [, share]) => sum + share, 0);
  const table = {
    codes: ['01', ...minorities.map(([code]) => code)],
    cumulative: cumulate([han, ...minorities.map(([, share]) => share)]),
  };
  tables.set(county, table);
  return table;
}
