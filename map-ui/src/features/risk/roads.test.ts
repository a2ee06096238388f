import { expect, test } from 'vitest';
import { answerable, classLabels, classOf } from './roads';

test('a density on a bound belongs to the class above it', () => {
  expect([0.5, 1, 1.99, 2, 199, 1e6].map(classOf)).toEqual([null, 0, 0, 1, 6, 7]);
  expect(classLabels.slice(0, 2)).toEqual(['1–2', '2–5']);
  expect(classLabels.at(-1)).toBe('≥ 200');
});

test('a box too wide is asked about in its middle', () => {
  expect(answerable([116.2, 35, 116.4, 35.1]).map((degrees) => degrees.toFixed(3))).toEqual(['116.200', '35.000', '116.400', '35.100']);
  const [west, south, east, north] = answerable([110, 30, 120, 40]);
  expect(east - west).toBeLessThan(3);
  expect(north - south).toBeLessThan(3);
  expect([(west + east) / 2, (south + north) / 2]).toEqual([115, 35]);
});
