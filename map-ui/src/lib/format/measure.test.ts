import { expect, test } from 'vitest';
import { area, distance, duration } from './measure';

test('changes unit where people do', () => {
  expect(distance(4.26, 'zh')).toBe('4.3 米');
  expect(distance(999.4, 'zh')).toBe('999 米');
  expect(distance(1500, 'en')).toBe('1.5 km');
  expect(area(3.14, 'zh')).toBe('3.1 平方米');
  expect(area(25_000, 'zh')).toBe('2.5 公顷');
  expect(area(1_234_567, 'en')).toBe('1.23 km²');
});

test('rounds a duration to minutes', () => {
  expect(duration(89, 'zh')).toBe('1 分钟');
  expect(duration(3600, 'zh')).toBe('1 小时');
  expect(duration(5430, 'en')).toBe('1 h 31 min');
});
