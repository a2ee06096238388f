/** Months as `YYYY-MM`, counted in China's time. */
import { today } from '$lib/format';

export interface MonthCount {
  month: string;
  count: number;
}

const index = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const named = (number: number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;

export const monthOf = (day: string) => day.slice(0, 7);

/** The months from one to another, both included; none where they run backwards. */
export function monthsFrom(first: string, last: string): string[] {
  return Array.from({ length: Math.max(index(last) - index(first) + 1, 0) }, (_, i) => named(index(first) + i));
}

/** So many months after one, or before it. */
export const shifted = (month: string, by: number) => named(index(month) + by);

export const firstDay = (month: string) => `${month}-01`;

/** The last day of a month, but no later than `now`: nobody asks about days that have not been. */
export function lastDay(month: string, now: string = today()): string {
  const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).toISOString().slice(0, 10);
  return last < now ? last : now;
}

/** How many instants fell into each month from the first to the last that has any, or over the months given. */
export function perMonth(instants: readonly string[], months?: readonly string[]): MonthCount[] {
  const counts = new Map<string, number>();
  for (const instant of instants) {
    const month = monthOf(today(new Date(instant)));
    counts.set(month, (counts.get(month) ?? 0) + 1);
  }
  const seen = [...counts.keys()].toSorted();
  const over = months ?? (seen.length === 0 ? [] : monthsFrom(seen[0] ?? '', seen.at(-1) ?? ''));
  return over.map((month) => ({ month, count: counts.get(month) ?? 0 }));
}

/** Months, by their first days, gathered into quarters of the calendar: the numbers of each quarter's months in the list. */
export function quartersOf(months: readonly string[]): { name: string; months: number[] }[] {
  const quarters = new Map<string, number[]>();
  months.forEach((month, i) => {
    const name = `${month.slice(0, 4)} Q${Math.ceil(Number(month.slice(5, 7)) / 3)}`;
    quarters.set(name, [...(quarters.get(name) ?? []), i]);
  });
  return [...quarters].map(([name, numbers]) => ({ name, months: numbers }));
}
