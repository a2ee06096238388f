/** Periods of days. */
import { daysBefore } from '$lib/format';

/** First and last day, `YYYY-MM-DD` in China; empty where open. */
export interface Dates {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;

/** How many days a period has, both ends included. */
export const daysIn = ({ from, to }: Dates): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

/** The period of the same length that ends where this one begins. */
export const periodBefore = (period: Dates): Dates => ({
  from: daysBefore(period.from, Math.max(daysIn(period), 1)), to: daysBefore(period.from, 1),
});
