import { expect, it } from 'vitest';
import { fullHours, minutesBetween, minutesOf, timeOf } from './clock-time';

it('counts minutes of the day, and over midnight', () => {
  expect(minutesOf('08:30')).toBe(510);
  expect(timeOf(510)).toBe('08:30');
  expect(timeOf(1445)).toBe('00:05');
  expect(minutesBetween('23:50', '00:10')).toBe(20);
  expect(minutesBetween('08:30', '08:30')).toBe(0);
});

it('lists the full hours of a shift', () => {
  expect(fullHours(510, 690)).toEqual([540, 600, 660]);
  expect(fullHours(540, 600)).toEqual([540, 600]);
  expect(fullHours(541, 599)).toEqual([]);
});
