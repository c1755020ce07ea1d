import chineseDays from 'chinese-days';

/**
 * The day, YYYY-MM-DD, that is the `count`th working day after another. Holidays and the days worked instead of them (调休) count as the State
 * Council announced them; in a year that it has not announced yet, the holidays of the law itself do, which fall in every year.
 */
export function workdayAfter(day: string, count: number): string {
  let at = day;
  for (let left = count; left > 0; ) {
    at = dayAfter(at);
    if (isWorkday(at)) left -= 1;
  }
  return at;
}

function isWorkday(day: string): boolean {
  const year = day.slice(0, 4);
  if (isAnnounced(year)) return chineseDays.isWorkday(day);
  // The eve of the Spring Festival and what makes up for a holiday lie close by: no holiday reaches over the end of a year.
  return !isWeekend(day) && !holidaysOf(year).has(day);
}

const announced = new Map<string, boolean>();
function isAnnounced(year: string): boolean {
  return announced.getOrInsertComputed(year, () => chineseDays.getHolidaysInRange(`${year}-01-01`, `${year}-12-31`, false).length > 0);
}

const lawful = new Map<string, ReadonlySet<string>>();

/**
 * 《全国年节及纪念日放假办法》 as revised for 2025, Articles 2 and 6: New Year; the eve and first three days of the Spring Festival; Qingming;
 * 1 and 2 May; Dragon Boat; Mid-Autumn; 1 to 3 October. One that falls on a weekend is made up for on the next working day.
 */
function holidaysOf(year: string): ReadonlySet<string> {
  return lawful.getOrInsertComputed(year, () => {
    const lunar = (monthAndDay: string): string => chineseDays.getSolarDateFromLunar(`${year}-${monthAndDay}`).date;
    const spring = lunar('01-01');
    const festivals = [
      daysFrom(`${year}-01-01`, 1),
      daysFrom(dayAfter(spring, -1), 4),
      daysFrom(chineseDays.getSolarTermDate(Number(year), 4, 'pure_brightness'), 1),
      daysFrom(`${year}-05-01`, 2),
      daysFrom(lunar('05-05'), 1),
      daysFrom(lunar('08-15'), 1),
      daysFrom(`${year}-10-01`, 3),
    ];
    const days = new Set(festivals.flat());
    for (const festival of festivals) {
      let at = festival.at(-1) ?? '';
      for (let left = festival.filter(isWeekend).length; left > 0; ) {
        at = dayAfter(at);
        if (isWeekend(at) || days.has(at)) continue;
        days.add(at);
        left -= 1;
      }
    }
    return days;
  });
}

function daysFrom(first: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, nth) => dayAfter(first, nth));
}

function dayAfter(day: string, by = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
}

function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}
