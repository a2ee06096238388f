import { expect, test } from 'vitest';
import { monthAfter, weeksOf } from './month';

test('weeks begin on Monday and hold every day of the month once', () => {
  const weeks = weeksOf('2026-11-24');
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
  expect(weeks.at(-1)?.[0]).toBe('2026-11-30');
  expect(weeks.flat().filter((day) => day !== null)).toHaveLength(30);
  expect(weeks.every((week) => week.length === 7)).toBe(true);
});

test('a leap February from Monday fills its weeks', () => {
  expect(weeksOf('2027-02-01').map((week) => week.length)).toEqual([7, 7, 7, 7]);
  expect(weeksOf('2024-02-01').flat().filter((day) => day !== null)).toHaveLength(29);
});

test('months follow one another over the year', () => {
  expect(monthAfter('2026-12-01', 1)).toBe('2027-01-01');
  expect(monthAfter('2026-01-31', -1)).toBe('2025-12-01');
});
