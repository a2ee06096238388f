import { firstDay, lastDay, monthOf, monthsFrom, shifted } from './months';
import type { Dates } from './question.svelte';

/** Months in one picture: fewer would show single events come and go. */
const WINDOW = 3;

/** The pictures of an animation from one day to another: three months each, a month further every time. */
export function framesOf(from: string, to: string): Dates[] {
  return monthsFrom(monthOf(from), monthOf(to)).slice(Math.min(WINDOW - 1, monthsFrom(monthOf(from), monthOf(to)).length - 1))
    .map((month) => ({ from: firstDay(shifted(month, 1 - WINDOW)), to: lastDay(month, to) }));
}
