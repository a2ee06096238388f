import { expect, test } from 'vitest';
import { dayName, weekOf } from './week';

test('a week begins on Monday, whichever of its days is asked', () => {
  const week = ['2022-09-26', '2022-09-27', '2022-09-28', '2022-09-29', '2022-09-30', '2022-10-01', '2022-10-02'];
  expect(weekOf('2022-09-26')).toEqual(week);
  expect(weekOf('2022-10-02')).toEqual(week);
});

test('days have their names in both languages', () => {
  expect(dayName('2022-09-26', 'zh')).toBe('周一');
  expect(dayName('2022-09-26', 'en')).toBe('Mon');
});
